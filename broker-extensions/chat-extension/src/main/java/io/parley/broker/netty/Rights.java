package io.parley.broker.netty;

import io.parley.delivery.Permission;
import io.parley.protocol.ConversationId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Asks whether the device may publish to a conversation, and keeps its messages in their order: what comes while an earlier one still
 * waits for its answer waits behind it. On the event loop.
 */
final class Rights {
    private final BiConsumer<ConversationId, Consumer<Permission>> mayPublish;
    private final Map<ConversationId, Deque<Consumer<Permission>>> waiting = new HashMap<>();

    Rights(BiConsumer<ConversationId, Consumer<Permission>> mayPublish) {
        this.mayPublish = mayPublish;
    }

    void ask(ConversationId conversation, Consumer<Permission> then) {
        Deque<Consumer<Permission>> others = waiting.get(conversation);
        if (others != null) {
            others.add(then);
            return;
        }
        Deque<Consumer<Permission>> queue = new ArrayDeque<>();
        queue.add(then);
        waiting.put(conversation, queue);
        mayPublish.accept(conversation, permission -> answer(conversation, queue, permission));
    }

    private void answer(ConversationId conversation, Deque<Consumer<Permission>> queue, Permission permission) {
        for (Consumer<Permission> next = queue.poll(); next != null; next = queue.poll()) {
            next.accept(permission);
        }
        waiting.remove(conversation);
    }
}
