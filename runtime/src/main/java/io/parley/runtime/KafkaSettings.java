package io.parley.runtime;

import io.parley.protocol.KafkaClient;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * How Kafka is reached and how its topics are made.
 *
 * @param client of every client
 * @param partitions partitions of each topic keyed by conversation or user; fixed once the topics exist
 * @param replication replicas of each partition, 1 on a single node
 */
public record KafkaSettings(KafkaClient client, int partitions, short replication) {
    private static final String CLIENT_FILE = "parley.kafka.client-file";

    /** Reads {@code parley.kafka}, and the file that it names. */
    public static KafkaSettings from(Settings settings) {
        Map<String, Object> client = new HashMap<>();
        Optional<String> file = settings.optionalText(CLIENT_FILE);
        if (file.isPresent()) {
            properties(settings, Path.of(file.get())).forEach((name, value) -> client.put(name.toString(), value));
        }
        client.put("bootstrap.servers", settings.text("parley.kafka.bootstrap"));
        return new KafkaSettings(new KafkaClient(client), settings.integer("parley.kafka.partitions", 1, 1024), (short)
                settings.integer("parley.kafka.replication", 1, 5));
    }

    private static Properties properties(Settings settings, Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw settings.bad(CLIENT_FILE, "must be a readable file of properties, but: " + e);
        }
        return properties;
    }
}
