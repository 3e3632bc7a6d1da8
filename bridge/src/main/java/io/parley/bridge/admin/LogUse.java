package io.parley.bridge.admin;

import io.parley.protocol.LogTopics;
import io.parley.runtime.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What Kafka holds of each topic. */
final class LogUse {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private LogUse() {}

    /** One topic. */
    private static final class Topic {
        private final Set<Integer> partitions = new HashSet<>();
        private long records;
        private long bytes;
        private long oldestMillis = Long.MAX_VALUE;
    }

    static void print(String bootstrap, Settings settings, Consumer<String> out)
            throws ExecutionException, InterruptedException {
        Map<String, Topic> topics = new TreeMap<>();
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            addBytes(admin, topics);
        }
        addRecords(bootstrap, topics);
        out.accept("In Kafka");
        out.accept(
                String.format("  %-52s %10s %10s  %-9s  %s", "topic", "offsets", "KiB", "oldest", "a record is kept"));
        topics.forEach((name, topic) -> out.accept(String.format(
                java.util.Locale.ROOT,
                "  %-52s %10d %10.1f  %-9s  %s",
                name,
                topic.records,
                topic.bytes / 1024.0,
                topic.oldestMillis == Long.MAX_VALUE ? "" : age(topic.oldestMillis),
                rule(name, settings))));
    }

    private static void addBytes(Admin admin, Map<String, Topic> topics)
            throws ExecutionException, InterruptedException {
        DescribeClusterResult cluster = admin.describeCluster();
        List<Integer> brokers = cluster.nodes().get().stream().map(Node::id).toList();
        for (Map<String, LogDirDescription> directories :
                admin.describeLogDirs(brokers).allDescriptions().get().values()) {
            directories
                    .values()
                    .forEach(directory -> directory.replicaInfos().forEach((partition, replica) -> {
                        Topic topic = topics.computeIfAbsent(partition.topic(), name -> new Topic());
                        topic.partitions.add(partition.partition());
                        topic.bytes += replica.size();
                    }));
        }
    }

    private static void addRecords(String bootstrap, Map<String, Topic> topics) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.EXCLUDE_INTERNAL_TOPICS_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            topics.forEach((name, topic) ->
                    topic.partitions.forEach(partition -> all.add(new TopicPartition(name, partition))));
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            List<TopicPartition> filled = new ArrayList<>();
            all.forEach(partition -> {
                long records = ends.getOrDefault(partition, 0L) - starts.getOrDefault(partition, 0L);
                topic(topics, partition).records += records;
                if (records > 0) {
                    filled.add(partition);
                }
            });
            addOldest(consumer, filled, topics);
        }
    }

    /** A partition that only holds the marks of transactions has no record to show. */
    private static void addOldest(
            KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> filled, Map<String, Topic> topics) {
        consumer.assign(filled);
        consumer.seekToBeginning(filled);
        Map<TopicPartition, Long> oldest = new HashMap<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (oldest.size() < filled.size() && System.nanoTime() < deadline) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(500));
            if (records.isEmpty() && !oldest.isEmpty()) {
                break;
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                oldest.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.timestamp());
            }
            consumer.pause(records.partitions());
        }
        oldest.forEach((partition, millis) -> {
            Topic topic = topic(topics, partition);
            topic.oldestMillis = Math.min(topic.oldestMillis, millis);
        });
    }

    private static Topic topic(Map<String, Topic> topics, TopicPartition partition) {
        return topics.computeIfAbsent(partition.topic(), name -> new Topic());
    }

    private static String age(long millis) {
        Duration age =
                Duration.between(Instant.ofEpochMilli(millis), Instant.now()).truncatedTo(ChronoUnit.SECONDS);
        return age.toHours() > 0
                ? age.toHours() + " h " + age.toMinutesPart() + " m"
                : age.toMinutes() > 0 ? age.toMinutes() + " m " + age.toSecondsPart() + " s" : age.toSeconds() + " s";
    }

    private static String rule(String topic, Settings settings) {
        return switch (topic) {
            case LogTopics.COMMANDS, LogTopics.USER_COMMANDS ->
                seconds(settings, "parley.log.kept-seconds") + " after the engine has it, 3 days at most";
            case LogTopics.EVENTS, LogTopics.POINTERS ->
                seconds(settings, "parley.log.kept-seconds") + " after history has it, 7 days at most";
            case LogTopics.DELIVERIES -> seconds(settings, "parley.log.deliveries-kept-seconds");
            case LogTopics.DEAD_LETTERS -> "30 days";
            default -> topic.endsWith("-changelog") ? "the engine's state: until it is replaced" : "Kafka's own";
        };
    }

    private static String seconds(Settings settings, String key) {
        return settings.integer(key, 1, 3600) + " s";
    }
}
