package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import io.parley.runtime.CassandraSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens driver sessions the way Parley wants them: quorum, idempotent, one I/O thread, bounded requests in flight. */
public final class CassandraConnection {
    private static final Logger LOG = LoggerFactory.getLogger(CassandraConnection.class);
    private static final int CONNECT_MILLIS = 2000;
    private static final long FIRST_RETRY_MILLIS = 250;
    private static final long LONGEST_RETRY_MILLIS = 2000;

    private CassandraConnection() {}

    /**
     * Opens a session, trying again for as long as Cassandra cannot be reached. The session has no keyspace: it may not exist yet.
     *
     * @throws InterruptedException when the waiting thread is told to stop
     */
    public static CqlSession open(CassandraSettings settings) throws InterruptedException {
        return open(settings, () -> {});
    }

    /**
     * Opens a session, likewise.
     *
     * @param nodeLost called, on a driver's thread, whenever the last connection to a node is gone
     */
    public static CqlSession open(CassandraSettings settings, Runnable nodeLost) throws InterruptedException {
        long pauseMillis = FIRST_RETRY_MILLIS;
        while (true) {
            try {
                requireListener(settings);
                return CqlSession.builder()
                        .addContactPoints(settings.addresses())
                        .withLocalDatacenter(settings.datacenter())
                        .withConfigLoader(options())
                        .withNodeStateListener(new LostNodes(nodeLost))
                        .build();
            } catch (DriverException | IllegalStateException | IOException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("told to stop while waiting for Cassandra");
                }
                LOG.info("waiting for Cassandra at {}: {}", settings.contactPoints(), e.getMessage());
            }
            Thread.sleep(pauseMillis);
            pauseMillis = Math.min(LONGEST_RETRY_MILLIS, pauseMillis * 2);
        }
    }

    /** Spares the driver, which says much and works hard in vain, an attempt while nobody listens. */
    private static void requireListener(CassandraSettings settings) throws IOException {
        IOException last = new IOException("no contact points");
        for (InetSocketAddress address : settings.addresses()) {
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MILLIS);
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private static DriverConfigLoader options() {
        return DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(5))
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(5))
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(5))
                .withString(DefaultDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM")
                .withBoolean(DefaultDriverOption.REQUEST_DEFAULT_IDEMPOTENCE, true)
                .withBoolean(DefaultDriverOption.CONNECTION_WARN_INIT_ERROR, false)
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
