package io.parley.runtime;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where Cassandra is and how its keyspace is made.
 *
 * @param contactPoints {@code host:port} each
 * @param datacenter the local data centre's name
 * @param keyspace letters, digits and underscores
 * @param replication replicas of each row in the data centre, 1 on a single node
 * @param driverFile a configuration of the driver
 */
public record CassandraSettings(
        List<String> contactPoints, String datacenter, String keyspace, int replication, Optional<Path> driverFile) {

    private static final String DRIVER_FILE = "parley.cassandra.driver-file";

    /** Without a configuration of the driver. */
    public CassandraSettings(List<String> contactPoints, String datacenter, String keyspace, int replication) {
        this(contactPoints, datacenter, keyspace, replication, Optional.empty());
    }

    public CassandraSettings {
        contactPoints = List.copyOf(contactPoints);
    }

    /** Reads {@code parley.cassandra}. */
    public static CassandraSettings from(Settings settings) {
        List<String> points = settings.list("parley.cassandra.contact-points");
        for (String point : points) {
            if (!point.matches(".+:[0-9]{1,5}")) {
                throw settings.bad("parley.cassandra.contact-points", "must be host:port, comma-separated");
            }
        }
        String keyspace = settings.text("parley.cassandra.keyspace");
        if (!keyspace.matches("[a-z][a-z0-9_]{0,47}")) {
            throw settings.bad("parley.cassandra.keyspace", "must be a-z, then a-z, 0-9 and _ (48 at most)");
        }
        return new CassandraSettings(
                points,
                settings.text("parley.cassandra.datacenter"),
                keyspace,
                settings.integer("parley.cassandra.replication", 1, 5),
                settings.optionalText(DRIVER_FILE).map(file -> driverFile(settings, Path.of(file))));
    }

    /** The driver would name neither the setting nor, at times, the file. */
    private static Path driverFile(Settings settings, Path file) {
        try {
            var unused = ConfigFactory.parseFile(
                    file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
            return file;
        } catch (ConfigException e) {
            throw settings.bad(DRIVER_FILE, "must be a readable configuration of the driver, but: " + e.getMessage());
        }
    }

    /** The contact points as addresses, names resolved now. */
    public List<InetSocketAddress> addresses() {
        return contactPoints.stream().map(CassandraSettings::address).toList();
    }

    private static InetSocketAddress address(String point) {
        int colon = point.lastIndexOf(':');
        return new InetSocketAddress(point.substring(0, colon), Integer.parseInt(point.substring(colon + 1)));
    }
}
