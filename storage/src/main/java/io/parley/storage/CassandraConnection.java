package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import io.parley.runtime.CassandraSettings;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens driver sessions the way Parley wants them: quorum, idempotent, one I/O thread, bounded requests in flight. */
public final class CassandraConnection {
    private static final Logger LOG = LoggerFactory.getLogger(CassandraConnection.class);
    private static final long FIRST_RETRY_MILLIS = 250;
    private static final long LONGEST_RETRY_MILLIS = 2000;

    private CassandraConnection() {}

    /**
     * Opens a session, trying again for as long as Cassandra cannot be reached. The session has no keyspace: it may not exist yet.
     *
     * @throws InterruptedException when the waiting thread is told to stop
     */
    public static CqlSession open(CassandraSettings settings) throws InterruptedException {
        long pauseMillis = FIRST_RETRY_MILLIS;
        while (true) {
            try {
                return CqlSession.builder()
                        .addContactPoints(settings.addresses())
                        .withLocalDatacenter(settings.datacenter())
                        .withConfigLoader(options())
                        .build();
            } catch (DriverException | IllegalStateException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("told to stop while waiting for Cassandra");
                }
                LOG.info("waiting for Cassandra at {}: {}", settings.contactPoints(), e.getMessage());
            }
            Thread.sleep(pauseMillis);
            pauseMillis = Math.min(LONGEST_RETRY_MILLIS, pauseMillis * 2);
        }
    }

    private static DriverConfigLoader options() {
        return DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(5))
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(5))
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(5))
                .withString(DefaultDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM")
                .withBoolean(DefaultDriverOption.REQUEST_DEFAULT_IDEMPOTENCE, true)
                .withInt(DefaultDriverOption.NETTY_IO_SIZE, 1)
                .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, 1)
                .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, Duration.ofMillis(250))
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(2))
                // One connection takes 1024 streams; what is above would fail instead of waiting.
                .withString(DefaultDriverOption.REQUEST_THROTTLER_CLASS, "ConcurrencyLimitingRequestThrottler")
                .withInt(DefaultDriverOption.REQUEST_THROTTLER_MAX_CONCURRENT_REQUESTS, 512)
                .withInt(DefaultDriverOption.REQUEST_THROTTLER_MAX_QUEUE_SIZE, 100_000)
                .build();
    }
}
