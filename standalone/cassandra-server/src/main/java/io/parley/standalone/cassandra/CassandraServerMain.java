package io.parley.standalone.cassandra;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.cassandra.service.CassandraDaemon;

/**
 * Runs a Cassandra node on loopback. Environment: {@code PARLEY_DATA} (directory, default {@code data}), {@code
 * PARLEY_CASSANDRA_FOLDER} (its folder there, {@code cassandra}), {@code PARLEY_CASSANDRA_HOST} (127.0.0.1), {@code PARLEY_CASSANDRA_SEEDS} (the addresses of all
 * nodes of the cluster, comma-separated, the same at each; default this one alone), {@code PARLEY_CASSANDRA_PORT} (19042), {@code PARLEY_CASSANDRA_STORAGE_PORT} (19700), {@code PARLEY_CASSANDRA_SWEEP_SECONDS} (how often the bytes
 * of what was deleted are taken off the disk: 86400), {@code PARLEY_CASSANDRA_SERVER_YAML} (a file in place of this module's {@code cassandra.yaml}, with the same placeholders). Needs the module's {@code jvm.options} on its
 * command line.
 */
public final class CassandraServerMain {

    private CassandraServerMain() {}

    public static void main(String[] args) throws Exception {
        ParentWatch.startIfAsked();
        Map<String, String> environment = System.getenv();
        Path home = Path.of(environment.getOrDefault("PARLEY_DATA", "data"))
                .toAbsolutePath()
                .resolve(environment.getOrDefault("PARLEY_CASSANDRA_FOLDER", "cassandra"));
        Files.createDirectories(home);
        String host = environment.getOrDefault("PARLEY_CASSANDRA_HOST", "127.0.0.1");
        String storagePort = environment.getOrDefault("PARLEY_CASSANDRA_STORAGE_PORT", "19700");
        List<String> nodes =
                List.of(environment.getOrDefault("PARLEY_CASSANDRA_SEEDS", host).split(",", -1));
        if (!nodes.contains(host)) {
            throw new IllegalStateException(
                    "PARLEY_CASSANDRA_SEEDS names all nodes, and must name this one, too: " + host);
        }
        String own = environment.getOrDefault("PARLEY_CASSANDRA_SERVER_YAML", "");
        String yaml = (own.isEmpty() ? template() : Files.readString(Path.of(own)))
                .replace("@port@", environment.getOrDefault("PARLEY_CASSANDRA_PORT", "19042"))
                .replace("@storagePort@", storagePort)
                .replace("@host@", host)
                .replace("@token@", token(nodes.indexOf(host), nodes.size()))
                .replace(
                        "@seeds@",
                        String.join(
                                ",",
                                nodes.stream()
                                        .map(node -> node + ":" + storagePort)
                                        .toList()))
                .replace("@home@", home.toString());
        Path file = Files.writeString(home.resolve("cassandra.yaml"), yaml);

        System.setProperty("cassandra.config", file.toUri().toString());
        System.setProperty("cassandra.storagedir", home.toString());
        System.setProperty("cassandra-foreground", "yes");
        if (nodes.size() == 1) {
            // There is nobody to gossip with: a single node need not wait for others.
            System.setProperty("cassandra.skip_wait_for_gossip_to_settle", "0");
            System.setProperty("cassandra.ring_delay_ms", "0");
        } else {
            // On one machine they find each other sooner than within 30 s, and know each other sooner than after 5 s.
            System.setProperty("cassandra.ring_delay_ms", "10000");
            System.setProperty("cassandra.gossip_settle_min_wait_ms", "1000");
        }
        System.setProperty("cassandra.superuser_setup_delay_ms", "0");
        System.setProperty("cassandra.shutdown_announce_in_ms", "0");
        CassandraDaemon.main(args);
        Sweep.start(
                home.resolve("swept"),
                Duration.ofSeconds(
                        Long.parseLong(environment.getOrDefault("PARLEY_CASSANDRA_SWEEP_SECONDS", "86400"))));
    }

    /** Nodes own equal parts of the ring; the only one owns it all. */
    private static String token(int index, int nodes) {
        BigInteger ring = BigInteger.ONE.shiftLeft(Long.SIZE);
        return ring.multiply(BigInteger.valueOf(index))
                .divide(BigInteger.valueOf(nodes))
                .add(nodes == 1 ? BigInteger.ZERO : BigInteger.valueOf(Long.MIN_VALUE + 1))
                .toString();
    }

    private static String template() throws IOException {
        try (InputStream in = CassandraServerMain.class.getResourceAsStream("cassandra.yaml")) {
            if (in == null) {
                throw new IllegalStateException("cassandra.yaml is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
