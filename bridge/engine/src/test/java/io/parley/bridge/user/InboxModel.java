package io.parley.bridge.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.state.Moved;
import io.parley.bridge.state.UnreadCount;
import io.parley.protocol.ConversationId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which of ann's conversations moved, and for which sessions: told by what conversations and nodes said. */
final class InboxModel {
    /** @param counted nothing came since a session took it up */
    private record Row(int told, Set<Long> settled, boolean counted) {}

    private final Set<ConversationId> conversations;
    private final Map<ConversationId, Row> rows = new HashMap<>();
    private final Map<ConversationId, UnreadCount> unread = new HashMap<>();
    private boolean kept;

    /** @param conversations those that the user is in at the moment */
    InboxModel(Set<ConversationId> conversations) {
        this.conversations = conversations;
    }

    /** From now on what has no row has not moved. */
    void keep() {
        if (!kept) {
            conversations.forEach(conversation -> rows.putIfAbsent(conversation, new Row(0, Set.of(), false)));
            kept = true;
        }
    }

    /** An older engine has had the user, and left no rows. */
    void unknown() {
        rows.clear();
        kept = false;
    }

    private @Nullable Row row(ConversationId conversation) {
        Row row = rows.get(conversation);
        return row == null && !kept && conversations.contains(conversation) ? new Row(0, Set.of(), false) : row;
    }

    /** Whether the session may lack something of the conversation, and is attached to it when it is connected. */
    boolean lacks(ConversationId conversation, long session) {
        Row row = row(conversation);
        return row != null && !row.settled().contains(session);
    }

    /** What the session may lack something of. */
    List<ConversationId> moved(long session) {
        return conversations.stream()
                .filter(conversation -> lacks(conversation, session))
                .toList();
    }

    /** All that moved for anybody, and up to where that was told. */
    Map<ConversationId, Integer> told() {
        Map<ConversationId, Integer> told = new HashMap<>();
        for (ConversationId conversation : conversations) {
            Row row = row(conversation);
            if (row != null) {
                told.put(conversation, row.told());
            }
        }
        return told;
    }

    /** Nobody is known to have what came. */
    void wake(ConversationId conversation, int seq) {
        Row before = row(conversation);
        rows.put(conversation, new Row(Math.max(seq, before == null ? 0 : before.told()), Set.of(), false));
    }

    /** A conversation says what is unread there. */
    void counted(ConversationId conversation, int messages, int mentions) {
        unread.put(
                conversation,
                UnreadCount.newBuilder()
                        .setUnread(messages)
                        .setMentions(mentions)
                        .build());
    }

    /** The user is erased. */
    void nothingIsUnread() {
        unread.clear();
    }

    void joined(ConversationId conversation, int seq) {
        rows.put(conversation, new Row(seq, Set.of(), false));
    }

    void left(ConversationId conversation) {
        rows.remove(conversation);
        unread.remove(conversation);
    }

    /**
     * A session has everything up to a seq.
     *
     * @param sessions all that the user has
     * @return false if more was told of, and the session lacks it
     */
    boolean settle(ConversationId conversation, int seq, long session, Collection<Long> sessions) {
        Row before = row(conversation);
        if (before == null) {
            return true;
        }
        if (seq < before.told()) {
            return false;
        }
        Set<Long> settled = new TreeSet<>(before.settled());
        settled.add(session);
        settled.retainAll(sessions);
        if (settled.containsAll(sessions)) {
            rows.remove(conversation);
        } else {
            rows.put(conversation, new Row(before.told(), settled, before.counted()));
        }
        return true;
    }

    /** One session may lack something, and nothing changes for the others. */
    void takeUp(ConversationId conversation, long session, Collection<Long> sessions) {
        if (!lacks(conversation, session)) {
            Row before = row(conversation);
            Set<Long> others = new TreeSet<>(before == null ? sessions : before.settled());
            others.remove(session);
            rows.put(
                    conversation,
                    new Row(before == null ? 0 : before.told(), others, before == null || before.counted()));
        }
    }

    void matches(UserState state) {
        assertThat(state.isMovedKept()).isEqualTo(kept);
        Set<ConversationId> moved = told().keySet();
        assertThat(state.moved().keySet()).as("what moved").containsExactlyInAnyOrderElementsOf(moved);
        for (ConversationId conversation : RandomUserCommands.CONVERSATIONS) {
            Row row = row(conversation);
            Moved known = state.moved(conversation);
            assertThat(
                            known == null
                                    ? null
                                    : new Row(
                                            known.getTold(), new HashSet<>(known.getSettledList()), known.getCounted()))
                    .as("who may lack something of " + conversation)
                    .isEqualTo(row);
            assertThat(state.moved().get(conversation)).isEqualTo(known);
            assertThat(state.unread(conversation))
                    .as("what is unread in " + conversation)
                    .isEqualTo(unread.getOrDefault(conversation, UnreadCount.getDefaultInstance()));
        }
        Map<ConversationId, UnreadCount> something = new HashMap<>(unread);
        something.values().removeIf(UnreadCount.getDefaultInstance()::equals);
        assertThat(state.unread()).isEqualTo(something);
    }
}
