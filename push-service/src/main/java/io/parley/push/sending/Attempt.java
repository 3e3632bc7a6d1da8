package io.parley.push.sending;

import io.parley.push.provider.PushOutcome;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One try of a delivery, from its start until it has an outcome or its time is over. */
final class Attempt {
    private final Delivery delivery;
    private final Circuit circuit;
    private final long startedMillis;
    private @Nullable CompletionStage<PushOutcome> answer;

    Attempt(Delivery delivery, Circuit circuit, long startedMillis) {
        this.delivery = delivery;
        this.circuit = circuit;
        this.startedMillis = startedMillis;
    }

    Delivery delivery() {
        return delivery;
    }

    Circuit circuit() {
        return circuit;
    }

    long startedMillis() {
        return startedMillis;
    }

    void answeredBy(CompletionStage<PushOutcome> stage) {
        answer = stage;
    }

    /** Tells the provider that nobody waits for it any more. */
    void cancel() {
        if (answer != null) {
            answer.toCompletableFuture().cancel(false);
        }
    }
}
