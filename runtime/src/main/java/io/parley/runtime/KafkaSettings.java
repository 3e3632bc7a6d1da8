package io.parley.runtime;

/**
 * Where Kafka is and how its topics are made.
 *
 * @param bootstrap {@code host:port}, comma-separated
 * @param partitions partitions of each topic keyed by conversation or user; fixed once the topics exist
 * @param replication replicas of each partition, 1 on a single node
 */
public record KafkaSettings(String bootstrap, int partitions, short replication) {

    /** Reads {@code parley.kafka}. */
    public static KafkaSettings from(Settings settings) {
        return new KafkaSettings(
                settings.text("parley.kafka.bootstrap"), settings.integer("parley.kafka.partitions", 1, 1024), (short)
                        settings.integer("parley.kafka.replication", 1, 5));
    }
}
