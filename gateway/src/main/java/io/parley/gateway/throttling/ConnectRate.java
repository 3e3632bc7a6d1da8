package io.parley.gateway.throttling;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many CONNECTs a node takes in a period, of all devices together. Those beyond it wait in their order; one that would wait too long is
 * refused at once, so that its client tries again later instead of holding a connection.
 */
public final class ConnectRate {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectRate.class);
    private static final Rate WARNINGS = new Rate(1, Duration.ofMinutes(1));

    private final Bucket connects;
    private final Bucket warnings = WARNINGS.bucket();
    private final Duration longestWait;

    /**
     * A full bucket.
     *
     * @param rate what is taken
     * @param longestWait of one CONNECT
     */
    public ConnectRate(Rate rate, Duration longestWait) {
        this.connects = rate.bucket();
        this.longestWait = longestWait;
    }

    /**
     * Takes one CONNECT.
     *
     * @param clock completes what has to wait
     * @return true when it is its turn, false at once if that would take too long
     */
    public CompletableFuture<Boolean> admit(ScheduledExecutorService clock) {
        return connects.asScheduler().tryConsume(1, longestWait, clock).thenApply(admitted -> {
            if (!admitted && warnings.tryConsume(1)) {
                LOG.warn("CONNECTs are refused: there are more than parley.mqtt.connects-per-second allows");
            }
            return admitted;
        });
    }
}
