package io.parley.client;

import io.parley.protocol.ConversationId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Up to where the user has read, until the platform has it. Thread-safe. */
final class ReadPointers {
    private final BiFunction<ConversationId, Integer, CompletableFuture<Void>> publish;
    private final Map<ConversationId, Integer> untold = new HashMap<>();

    /** @param publish done with the PUBACK */
    ReadPointers(BiFunction<ConversationId, Integer, CompletableFuture<Void>> publish) {
        this.publish = publish;
    }

    void read(ConversationId conversation, int seq, boolean online) {
        int highest;
        synchronized (this) {
            highest = untold.merge(conversation, seq, Math::max);
        }
        if (online) {
            tell(conversation, highest);
        }
    }

    void connected() {
        Map<ConversationId, Integer> all;
        synchronized (this) {
            all = Map.copyOf(untold);
        }
        all.forEach(this::tell);
    }

    private void tell(ConversationId conversation, int seq) {
        var unused = publish.apply(conversation, seq).thenRun(() -> told(conversation, seq));
    }

    private synchronized void told(ConversationId conversation, int seq) {
        untold.remove(conversation, seq);
    }
}
