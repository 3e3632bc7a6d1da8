package io.parley.bridge.conversation.unread;

import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Unread;
import io.parley.bridge.conversation.retention.RetentionRules;
import io.parley.bridge.conversation.window.MemberMentions;
import io.parley.bridge.conversation.window.MessageWindow;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Waking;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.wire.ChatEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Counts what members have not read. Expired and deleted messages do not count; whether a message is expired is told by how long messages are kept
 * now. Counting reads the blocks of the last 4,096 seqs, once for all members that it is done for. A message is not counted: it is one more.
 */
public final class UnreadRules {
    /** What is counted, and as of when. */
    private record Counting(int purged, long sinceSeconds, Unread.Gone gone) {}

    private final RetentionRules retention;

    /** @param retention how long messages are kept */
    public UnreadRules(RetentionRules retention) {
        this.retention = retention;
    }

    /** What a member has not read now. */
    public Unread of(ConversationState state, UserId user, long nowMillis) {
        return of(state, List.of(user), state::pointers, nowMillis).getOrDefault(user, Unread.NOTHING);
    }

    /**
     * What each of the members has not read.
     *
     * @param pointers up to where each has read
     */
    public Map<UserId, Unread> of(
            ConversationState state, Collection<UserId> users, Function<UserId, Pointers> pointers, long nowMillis) {
        return count(
                state,
                users,
                pointers,
                new Counting(state.head().getPurged(), since(retention.of(state), nowMillis), Unread.Gone.NOTHING));
    }

    /** What each of the members has not read when everything up to a seq is gone. */
    public Map<UserId, Unread> purged(ConversationState state, Collection<UserId> users, int through, long nowMillis) {
        return count(
                state,
                users,
                state::pointers,
                new Counting(through, since(retention.of(state), nowMillis), Unread.Gone.NOTHING));
    }

    /**
     * What each of the members has not read when the next event is there.
     *
     * @param waking members whose user machines know what they have not read before it; of rows of an older engine nothing is known
     */
    public Map<UserId, Unread> after(
            ConversationState state, ChatEvent event, Map<UserId, Waking> waking, long nowMillis) {
        Set<UserId> anew = new HashSet<>(waking.keySet());
        if (!changesMore(event)) {
            anew.removeIf(user ->
                    waking.getOrDefault(user, Waking.getDefaultInstance()).getCounted());
        }
        Keeping keeping = event.hasRetentionChanged()
                ? retention.of(event.getRetentionChanged().getRetention())
                : retention.of(state);
        Map<UserId, Unread> counts = new HashMap<>(count(
                state,
                anew,
                state::pointers,
                new Counting(state.head().getPurged(), since(keeping, nowMillis), Unread.Gone.with(event))));
        for (UserId user : waking.keySet()) {
            counts.put(user, with(counts.containsKey(user) ? counts.get(user) : state.told(user), event, user));
        }
        return counts;
    }

    /** Whether an event changes what is unread beside being a message or none. */
    private static boolean changesMore(ChatEvent event) {
        return switch (event.getBodyCase()) {
            case DELETED, USER_ERASED, RETENTION_CHANGED -> true;
            default -> false;
        };
    }

    private static Unread with(Unread before, ChatEvent event, UserId user) {
        if (!MessageWindow.isMessage(event) || event.getFrom().equals(user.value())) {
            return before;
        }
        int mentioned = event.getMentionsList().contains(user.value()) ? 1 : 0;
        return new Unread(
                Math.min(MessageWindow.MOST, before.messages() + 1),
                Math.min(MemberMentions.MAX_SEQS, before.mentions() + mentioned));
    }

    private static Map<UserId, Unread> count(
            ConversationState state, Collection<UserId> users, Function<UserId, Pointers> pointers, Counting counting) {
        List<Unread.Reader> readers = new ArrayList<>();
        for (UserId user : users) {
            Member member = state.member(user);
            if (member != null) {
                int seen =
                        Math.max(pointers.apply(user).getRead(), Math.max(member.getJoined() - 1, counting.purged()));
                readers.add(new Unread.Reader(user, seen + 1, counting.sinceSeconds()));
            }
        }
        return readers.isEmpty() ? Map.of() : state.unread(readers, counting.gone());
    }

    private static long since(Keeping keeping, long nowMillis) {
        return keeping.getDays() == 0
                ? 0
                : nowMillis / 1000 - Duration.ofDays(keeping.getDays()).toSeconds();
    }
}
