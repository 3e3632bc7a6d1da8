package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ConversationSummary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The user's conversations, and which of them is open. Thread-safe. */
final class ChatRooms {
    private final String me;
    private final Map<ConversationId, ChatRoom> rooms = new ConcurrentHashMap<>();
    private volatile List<ChatRoom> listed = List.of();
    private volatile @Nullable ChatRoom open;

    ChatRooms(String me) {
        this.me = me;
    }

    /** What is known of a conversation, from now on. */
    ChatRoom of(ConversationId conversation) {
        return rooms.computeIfAbsent(conversation, id -> new ChatRoom(id, me));
    }

    /** Takes what storage says of the user's conversations; in its order. */
    List<ChatRoom> take(List<ConversationSummary> summaries) {
        summaries.forEach(summary -> of(ConversationId.parse(summary.getId())).take(summary));
        return summaries.stream()
                .map(summary -> of(ConversationId.parse(summary.getId())))
                .toList();
    }

    /** The list that the user sees now; {@code /open NUMBER} counts in it. */
    void listed(List<ChatRoom> rooms) {
        listed = List.copyOf(rooms);
    }

    /** The conversation that a user means: a number of the list, {@code @somebody}, or an id. */
    ChatRoom find(String which) {
        if (which.startsWith("@")) {
            return of(ConversationId.direct(UserId.parse(me), UserId.parse(which.substring(1))));
        }
        if (!which.matches("[0-9]{1,6}")) {
            return of(ConversationId.parse(which));
        }
        int number = Integer.parseInt(which);
        if (number < 1 || number > listed.size()) {
            throw new IllegalArgumentException("no conversation " + which + "; /list shows them");
        }
        return listed.get(number - 1);
    }

    void open(ChatRoom room) {
        open = room;
    }

    /** The open one; null when none is. */
    @Nullable
    ChatRoom open() {
        return open;
    }

    /** The open one. */
    ChatRoom current() {
        ChatRoom current = open;
        if (current == null) {
            throw new IllegalArgumentException("nothing is open: /open @USER or /open NUMBER");
        }
        return current;
    }

    void forget(ConversationId conversation) {
        ChatRoom current = open;
        if (current != null && current.id().equals(conversation)) {
            open = null;
        }
        rooms.remove(conversation);
    }

    void lost() {
        rooms.values().forEach(ChatRoom::lost);
    }

    /** Of all conversations. */
    int unread() {
        return rooms.values().stream().mapToInt(ChatRoom::unread).sum();
    }
}
