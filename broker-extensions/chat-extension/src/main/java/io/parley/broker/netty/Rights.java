package io.parley.broker.netty;

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
    private final BiConsumer<ConversationId, Consumer<Boolean>> mayPublish;
    private final Map<ConversationId, Deque<Consumer<Boolean>>> waiting = new HashMap<>();

    Rights(BiConsumer<ConversationId, Consumer<Boolean>> mayPublish) {
        this.mayPublish = mayPublish;
    }

    void ask(ConversationId conversation, Consumer<Boolean> then) {
        Deque<Consumer<Boolean>> others = waiting.get(conversation);
        if (others != null) {
            others.add(then);
            return;
        }
        Deque<Consumer<Boolean>> queue = new ArrayDeque<>();
        queue.add(then);
        waiting.put(conversation, queue);
        mayPublish.accept(conversation, may -> answer(conversation, queue, may));
    }

    private void answer(ConversationId conversation, Deque<Consumer<Boolean>> queue, boolean may) {
        for (Consumer<Boolean> next = queue.poll(); next != null; next = queue.poll()) {
            next.accept(may);
        }
        waiting.remove(conversation);
    }
}
