package io.parley.bridge.conversation.window;

import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.state.Mentioned;
import io.parley.bridge.state.Pointers;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which messages mention a member: a row for each member who was mentioned. A message without mentions costs nothing. A message that is deleted later
 * stays in the row; whether a seq is a message is the window's to know.
 */
public final class MemberMentions {
    /** The most seqs of one row: it is written anew by each message that mentions the member. */
    public static final int MAX_SEQS = 1000;

    private static final int WINDOW = MessageWindow.BLOCKS * MessageWindow.BLOCK_SIZE;

    private final ConversationRows rows;

    public MemberMentions(ConversationRows rows) {
        this.rows = rows;
    }

    /** Remembers whom an event mentions, of those who are members. */
    public void add(ChatEvent event) {
        event.getMentionsList().stream()
                .distinct()
                .filter(user -> !user.equals(event.getFrom()) && rows.isMember(UserId.parse(user)))
                .forEach(user -> add(user, event.getSeq()));
    }

    /** What the member has read, and what has left the window, is dropped on this occasion. */
    private void add(String user, int seq) {
        int read = rows.get(rows.key(RowFamily.POINTERS, user), Pointers.parser(), Pointers.getDefaultInstance())
                .getRead();
        List<Integer> seqs = new ArrayList<>(row(user));
        seqs.removeIf(before -> before <= Math.max(read, seq - WINDOW));
        seqs.add(seq);
        rows.put(
                rows.key(RowFamily.MENTIONS, user),
                Mentioned.newBuilder()
                        .addAllSeqs(seqs.subList(Math.max(0, seqs.size() - MAX_SEQS), seqs.size()))
                        .build());
    }

    /** The newest seqs that mention the member. */
    public Set<Integer> of(UserId user) {
        return Set.copyOf(row(user.value()));
    }

    /** The user is no member any more. */
    public void forget(String user) {
        rows.delete(rows.key(RowFamily.MENTIONS, user));
    }

    private List<Integer> row(String user) {
        return rows.get(rows.key(RowFamily.MENTIONS, user), Mentioned.parser(), Mentioned.getDefaultInstance())
                .getSeqsList();
    }
}
