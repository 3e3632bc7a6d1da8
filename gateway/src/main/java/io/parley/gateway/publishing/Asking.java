package io.parley.gateway.publishing;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks somebody else about a publication, again after each failure. When there is no answer within {@link Publishing#PATIENCE_MILLIS}, the connection ends. One
 * for each step that asks; on the connection's shard.
 */
final class Asking {
    private static final long AGAIN_MILLIS = 1000;

    private final Publisher publisher;
    private final Consumer<Exception> outage;
    private final String what;

    /** The publication that is being asked about: an answer about another one comes too late. */
    private @Nullable Incoming asked;

    /**
     * @param outage told of each failure
     * @param what cannot be done then, as in "attachments cannot be checked"
     */
    Asking(Publisher publisher, Consumer<Exception> outage, String what) {
        this.publisher = publisher;
        this.outage = outage;
        this.what = what;
    }

    /** @param answered gets the answer, on the shard */
    <T> void ask(Incoming incoming, Supplier<CompletionStage<T>> question, Consumer<T> answered) {
        asked = incoming;
        ask(incoming, question, answered, 0);
    }

    private <T> void ask(
            Incoming incoming, Supplier<CompletionStage<T>> question, Consumer<T> answered, long waitedMillis) {
        var unused = question.get()
                .whenComplete((answer, failure) -> publisher.onShard(() -> {
                    if (asked != incoming || publisher.isClosing()) {
                        return;
                    }
                    if (failure == null) {
                        asked = null;
                        answered.accept(answer);
                        return;
                    }
                    outage.accept(new IllegalStateException(what + ": " + failure, failure));
                    if (waitedMillis >= Publishing.PATIENCE_MILLIS) {
                        incoming.fail();
                    } else {
                        publisher.later(
                                () -> ask(incoming, question, answered, waitedMillis + AGAIN_MILLIS), AGAIN_MILLIS);
                    }
                }));
    }
}
