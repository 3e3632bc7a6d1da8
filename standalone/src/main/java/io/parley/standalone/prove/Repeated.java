package io.parley.standalone.prove;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does something at once and again five times a second: so it holds for a process that was started meanwhile, too. */
final class Repeated {
    private static final long EVERY_MILLIS = 200;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    /** What is done. */
    interface Step {
        void run() throws IOException;
    }

    private Repeated() {}

    /** @throws IOException when it fails the first time */
    static Repeated start(Step step) throws IOException {
        step.run();
        Repeated repeated = new Repeated();
        var unused = repeated.clock.scheduleWithFixedDelay(
                () -> {
                    try {
                        step.run();
                    } catch (IOException e) {
                        // The process has just ended: next time there is another one.
                    }
                },
                EVERY_MILLIS,
                EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
        return repeated;
    }

    /** Returns when it is not done any more. */
    void close() {
        clock.shutdown();
        try {
            boolean unused = clock.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
