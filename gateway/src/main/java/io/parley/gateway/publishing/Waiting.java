package io.parley.gateway.publishing;

import java.util.function.LongSupplier;

/** Tries something until it is done. After {@link Publishing#PATIENCE_MILLIS} the connection ends instead. On the connection's shard. */
final class Waiting {
    private final Publisher publisher;
    private final Publishing pipeline;
    private long waitedMillis;

    Waiting(Publisher publisher, Publishing pipeline) {
        this.publisher = publisher;
        this.pipeline = pipeline;
    }

    /** @param attempt returns 0 when it is done, or how many milliseconds to wait before the next one */
    void until(LongSupplier attempt, Runnable next) {
        if (pipeline.isOver()) {
            return;
        }
        long millis = attempt.getAsLong();
        if (millis == 0) {
            next.run();
        } else if (waitedMillis >= Publishing.PATIENCE_MILLIS) {
            pipeline.failed();
        } else {
            long turn = Math.min(millis, Publishing.PATIENCE_MILLIS - waitedMillis);
            waitedMillis += turn;
            publisher.later(() -> until(attempt, next), turn);
        }
    }
}
