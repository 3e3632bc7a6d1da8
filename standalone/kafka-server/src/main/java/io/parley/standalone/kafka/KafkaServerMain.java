package io.parley.standalone.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * Runs a Kafka node on loopback. Environment: {@code PARLEY_DATA} (directory, default {@code data}), {@code PARLEY_KAFKA_PORT}
 * (19092), {@code PARLEY_KAFKA_CONTROLLER_PORT} (19093), {@code PARLEY_KAFKA_RETENTION_CHECK_MILLIS} (30000: how often
 * Kafka looks for files to delete), {@code PARLEY_KAFKA_SERVER_PROPERTIES} (a file in place of this module's {@code server.properties}, with the same
 * placeholders). The storage is formatted at the first start.
 */
public final class KafkaServerMain {

    private KafkaServerMain() {}

    public static void main(String[] args) throws Exception {
        ParentWatch.startIfAsked();
        Map<String, String> environment = System.getenv();
        Path home = Path.of(environment.getOrDefault("PARLEY_DATA", "data"))
                .toAbsolutePath()
                .resolve("kafka");
        Files.createDirectories(home);
        String own = environment.getOrDefault("PARLEY_KAFKA_SERVER_PROPERTIES", "");
        String properties = (own.isEmpty() ? template() : Files.readString(Path.of(own)))
                .replace("@port@", environment.getOrDefault("PARLEY_KAFKA_PORT", "19092"))
                .replace("@controllerPort@", environment.getOrDefault("PARLEY_KAFKA_CONTROLLER_PORT", "19093"))
                .replace(
                        "@retentionCheckMillis@",
                        environment.getOrDefault("PARLEY_KAFKA_RETENTION_CHECK_MILLIS", "30000"))
                .replace("@logDirs@", home.resolve("log").toString());
        Path file = Files.writeString(home.resolve("server.properties"), properties);

        if (Files.notExists(home.resolve("log").resolve("meta.properties"))) {
            format(file);
        }
        RequestHistograms.register();
        kafka.Kafka.main(new String[] {file.toString()});
    }

    private static void format(Path file) {
        String[] command = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
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
