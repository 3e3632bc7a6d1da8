package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import io.parley.runtime.CassandraSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
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
                        .withConfigLoader(options(settings))
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

    /** What promises rest on, then what the operator says, then what is usual here. */
    private static DriverConfigLoader options(CassandraSettings settings) {
        Config said = settings.driverFile()
                .map(file -> ConfigFactory.parseFile(
                        file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false)))
                .orElse(ConfigFactory.empty());
        Config all = ConfigFactory.parseResources(CassandraConnection.class, "required.conf")
                .withFallback(said)
                .withFallback(ConfigFactory.parseResources(CassandraConnection.class, "usual.conf"));
        return DriverConfigLoader.fromString(all.root().render(ConfigRenderOptions.concise()));
    }
}
