package io.parley.bridge.user.push;

import io.parley.bridge.state.ShownRow;
import io.parley.bridge.user.UserState;
import io.parley.protocol.ConversationId;
import java.util.HashMap;
import java.util.Map;

/** How many messages of all conversations a user has not read, as far as the user's machine knows: of each conversation what it told last. */
final class Badge {
    private Badge() {}

    /** What is unread in a conversation. While something of it is shown, its messages are counted as they come. */
    static int unread(UserState state, ConversationId conversation) {
        ShownRow shown = state.push().shown(conversation);
        return shown == null ? state.unread(conversation).getUnread() : shown.getUnread();
    }

    /** @param now what is unread in some of the conversations after the decision that is being made */
    static int of(UserState state, Map<ConversationId, Integer> now) {
        Map<ConversationId, Integer> unread = new HashMap<>();
        state.unread().forEach((conversation, count) -> unread.put(conversation, count.getUnread()));
        state.push().shown().forEach((conversation, shown) -> unread.put(conversation, shown.getUnread()));
        unread.putAll(now);
        return unread.values().stream().mapToInt(Integer::intValue).sum();
    }
}
