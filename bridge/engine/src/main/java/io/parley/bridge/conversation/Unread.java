package io.parley.bridge.conversation;

import io.parley.bridge.state.UnreadCount;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a member has not read.
 *
 * @param messages messages of others among the last 4,096 seqs
 * @param mentions how many of them mention the member
 */
public record Unread(int messages, int mentions) {
    public static final Unread NOTHING = new Unread(0, 0);

    /**
     * For whom is counted, and what.
     *
     * @param user whose own messages do not count
     * @param first the first seq that counts, 1 or more
     * @param sinceSeconds messages up to this time do not count, epoch seconds
     */
    public record Reader(UserId user, int first, long sinceSeconds) {}

    /**
     * Messages that are there when they are counted, and that an event takes away.
     *
     * @param seq the seq of one of them; 0: none
     * @param sender who sent them; null: nobody
     */
    public record Gone(int seq, @Nullable UserId sender) {
        public static final Gone NOTHING = new Gone(0, null);

        public static Gone with(ChatEvent event) {
            return new Gone(
                    event.getDeleted().getSeq(),
                    event.hasUserErased() ? UserId.parse(event.getUserErased().getUser()) : null);
        }
    }

    public static Unread of(UnreadCount row) {
        return new Unread(row.getUnread(), row.getMentions());
    }

    public UnreadCount row() {
        return UnreadCount.newBuilder()
                .setUnread(messages)
                .setMentions(mentions)
                .build();
    }
}
