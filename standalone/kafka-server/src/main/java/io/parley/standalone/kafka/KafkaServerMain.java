package io.parley.standalone.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * Runs a Kafka node on loopback, broker and controller in one. Environment: {@code PARLEY_DATA} (directory, default {@code data}), {@code
 * PARLEY_KAFKA_FOLDER} (its folder there, {@code kafka}), {@code PARLEY_KAFKA_HOST} (127.0.0.1), {@code PARLEY_KAFKA_PORT}
 * (19092), {@code PARLEY_KAFKA_CONTROLLER_PORT} (19093), {@code PARLEY_KAFKA_NODE_ID} (1), {@code PARLEY_KAFKA_VOTERS} (all nodes of the
 * cluster, as in {@code controller.quorum.voters}; default this one alone; with three or more, Kafka's own topics have three replicas), {@code PARLEY_KAFKA_RETENTION_CHECK_MILLIS} (30000: how often
 * Kafka looks for files to delete), {@code PARLEY_KAFKA_SERVER_PROPERTIES} (a file in place of this module's {@code server.properties}, with the same
 * placeholders). The storage is formatted at the first start.
 */
public final class KafkaServerMain {
    private static final int REPLICAS = 3;

    private KafkaServerMain() {}

    public static void main(String[] args) throws Exception {
        ParentWatch.startIfAsked();
        Map<String, String> environment = System.getenv();
        Path home = Path.of(environment.getOrDefault("PARLEY_DATA", "data"))
                .toAbsolutePath()
                .resolve(environment.getOrDefault("PARLEY_KAFKA_FOLDER", "kafka"));
        Files.createDirectories(home);
        String host = environment.getOrDefault("PARLEY_KAFKA_HOST", "127.0.0.1");
        String controllerPort = environment.getOrDefault("PARLEY_KAFKA_CONTROLLER_PORT", "19093");
        String nodeId = environment.getOrDefault("PARLEY_KAFKA_NODE_ID", "1");
        String voters = environment.getOrDefault("PARLEY_KAFKA_VOTERS", nodeId + "@" + host + ":" + controllerPort);
        int nodes = voters.split(",", -1).length;
        String own = environment.getOrDefault("PARLEY_KAFKA_SERVER_PROPERTIES", "");
        String properties = (own.isEmpty() ? template() : Files.readString(Path.of(own)))
                .replace("@host@", host)
                .replace("@nodeId@", nodeId)
                .replace("@voters@", voters)
                .replace("@replicas@", nodes >= REPLICAS ? "3" : "1")
                .replace("@minInSync@", nodes >= REPLICAS ? "2" : "1")
                .replace("@port@", environment.getOrDefault("PARLEY_KAFKA_PORT", "19092"))
                .replace("@controllerPort@", controllerPort)
                .replace(
                        "@retentionCheckMillis@",
                        environment.getOrDefault("PARLEY_KAFKA_RETENTION_CHECK_MILLIS", "30000"))
                .replace("@logDirs@", home.resolve("log").toString());
        Path file = Files.writeString(home.resolve("server.properties"), properties);

        if (Files.notExists(home.resolve("log").resolve("meta.properties"))) {
            format(file, nodes == 1 ? Uuid.randomUuid() : clusterId(voters));
        }
        RequestHistograms.register();
        kafka.Kafka.main(new String[] {file.toString()});
    }

    /** Every node formats its own storage, and all must give the cluster the same id. */
    private static Uuid clusterId(String voters) {
        UUID id = UUID.nameUUIDFromBytes(voters.getBytes(StandardCharsets.UTF_8));
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    private static void format(Path file, Uuid clusterId) {
        String[] command = {"format", "-t", clusterId.toString(), "-c", file.toString()};
        int exitCode = StorageTool.execute(command, System.out);
        if (exitCode != 0) {
            throw new IllegalStateException("the storage cannot be formatted, see above");
        }
    }

    private static String template() throws IOException {
        try (InputStream in = KafkaServerMain.class.getResourceAsStream("server.properties")) {
            if (in == null) {
                throw new IllegalStateException("server.properties is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
