package io.parley.operator;

import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.runtime.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What Kafka holds of each topic. */
final class LogUse {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private LogUse() {}

    /** One topic. */
    private static final class Topic {
        private final Set<Integer> partitions = new HashSet<>();
        private long records;
        private long bytes;
        private long oldestMillis = Long.MAX_VALUE;
    }

    static void print(KafkaClient kafka, Settings settings, Consumer<String> out)
            throws ExecutionException, InterruptedException {
        Map<String, Topic> topics = new TreeMap<>();
        try (Admin admin = Admin.create(kafka.properties())) {
            addBytes(admin, topics);
            addOldest(kafka, addRecords(admin, topics), topics);
        }
        out.accept("In Kafka");
        out.accept(
                String.format("  %-52s %10s %10s  %-9s  %s", "topic", "offsets", "KiB", "oldest", "a record is kept"));
        topics.forEach((name, topic) -> out.accept(String.format(
                Locale.ROOT,
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

    /** Returns the partitions that hold anything. */
    private static List<TopicPartition> addRecords(Admin admin, Map<String, Topic> topics)
            throws ExecutionException, InterruptedException {
        List<TopicPartition> all = new ArrayList<>();
        topics.forEach(
                (name, topic) -> topic.partitions.forEach(partition -> all.add(new TopicPartition(name, partition))));
        Map<TopicPartition, Long> starts = offsets(admin, all, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(admin, all, OffsetSpec.latest());
        List<TopicPartition> filled = new ArrayList<>();
        all.forEach(partition -> {
            long records = ends.getOrDefault(partition, 0L) - starts.getOrDefault(partition, 0L);
            topic(topics, partition).records += records;
            if (records > 0) {
                filled.add(partition);
            }
        });
        return filled;
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec spec)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec)))
                .all()
                .get()
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /** A partition that only holds the marks of transactions has no record to show. */
    private static void addOldest(KafkaClient kafka, List<TopicPartition> filled, Map<String, Topic> topics) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(kafka.properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(filled);
            consumer.seekToBeginning(filled);
            Set<TopicPartition> seen = new HashSet<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (seen.size() < filled.size() && System.nanoTime() < deadline) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (records.isEmpty() && !seen.isEmpty()) {
                    return;
                }
                for (TopicPartition partition : records.partitions()) {
                    if (seen.add(partition)) {
                        Topic topic = topic(topics, partition);
                        topic.oldestMillis = Math.min(
                                topic.oldestMillis,
                                records.records(partition).get(0).timestamp());
                    }
                }
                consumer.pause(records.partitions());
            }
        }
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
            case LogTopics.NOTIFICATIONS ->
                seconds(settings, "parley.log.kept-seconds") + " after the push service has it, 1 day at most";
            case LogTopics.DELIVERIES -> seconds(settings, "parley.log.deliveries-kept-seconds");
            case LogTopics.DEAD_LETTERS -> "30 days, without what it said";
            case LogTopics.BURIED_RECORDS -> settings.integer("parley.log.buried-kept-hours", 1, 24) + " h";
            default -> topic.endsWith("-changelog") ? "the engine's state: until it is replaced" : "Kafka's own";
        };
    }

    private static String seconds(Settings settings, String key) {
        return settings.integer(key, 1, 3600) + " s";
    }
}
