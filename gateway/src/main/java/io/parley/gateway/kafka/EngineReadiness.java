package io.parley.gateway.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the engine's answer, the whole way there and back, and then goes that way some more: what runs for the first time takes ten times as
 * long in every process on it, and the first devices should not be those who wait.
 */
public final class EngineReadiness {
    private static final Logger LOG = LoggerFactory.getLogger(EngineReadiness.class);
    private static final int AT_ONCE = 10;
    private static final int ENOUGH_ROUNDS = 60;
    private static final Duration WARMING_LIMIT = Duration.ofSeconds(3);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(15);

    private EngineReadiness() {}

    /**
     * Returns when the way is open and has been used for a while.
     *
     * @param roundTrip sends one question on its way
     * @throws IOException when no answer comes in time
     */
    public static void await(Supplier<CompletableFuture<Void>> roundTrip, Duration timeout)
            throws IOException, InterruptedException {
        Duration first = first(roundTrip, timeout);
        long warmNanos = System.nanoTime() + WARMING_LIMIT.toNanos();
        Duration last = first;
        for (int i = 0; i < ENOUGH_ROUNDS && System.nanoTime() < warmNanos; i++) {
            last = round(roundTrip, AT_ONCE, timeout);
        }
        LOG.info("the engine answers firstMillis={} nowMillis={}", first.toMillis(), last.toMillis());
    }

    /**
     * Returns when a question was answered. It is asked again now and then: an engine that does not know a slot yet, because slots were added, drops
     * the answer.
     *
     * @throws IOException when no answer comes in time
     */
    public static Duration first(Supplier<CompletableFuture<Void>> roundTrip, Duration timeout)
            throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        long deadlineNanos = startNanos + timeout.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
            try {
                var unused = round(roundTrip, 1, left.compareTo(ASK_AGAIN) < 0 ? left : ASK_AGAIN);
                return Duration.ofNanos(System.nanoTime() - startNanos);
            } catch (IOException e) {
                if (!(e.getCause() instanceof TimeoutException) || System.nanoTime() >= deadlineNanos) {
                    throw new IOException(
                            "the engine did not answer within " + timeout.toSeconds()
                                    + " s: is it running on the same Kafka?",
                            e);
                }
            }
        }
    }

    private static Duration round(Supplier<CompletableFuture<Void>> roundTrip, int trips, Duration timeout)
            throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        CompletableFuture<?>[] all = Stream.generate(roundTrip).limit(trips).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("the engine did not answer within " + timeout.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException("Kafka took no command: " + e.getCause(), e);
        }
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
