package io.parley.bridge.engine;

import io.parley.protocol.LogTopics;
import io.parley.runtime.BadSetting;
import io.parley.runtime.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the settings ask of a topic, and what is said when Kafka has something else.
 *
 * @param partitionsKey the setting that gives the number of partitions; empty: it is always this one
 * @param replication replicas of each partition
 * @param retentionHours how long a record is kept that nobody deletes before
 * @param timedByLog whether a record's time is when the log took it, by the clock of Kafka
 */
record TopicPlan(
        String name, int partitions, String partitionsKey, short replication, int retentionHours, boolean timedByLog) {
    static final String SLOTS_KEY = "parley.deliveries.slots";

    private static final String PARTITIONS_KEY = "parley.kafka.partitions";
    private static final String REPLICATION_KEY = "parley.kafka.replication";

    /** What Kafka has. */
    record Found(int partitions, int replication) {}

    /**
     * All topics but the engine's own.
     *
     * @param longestTokenLife for so long it is of use that a token was revoked
     */
    static List<TopicPlan> all(KafkaSettings kafka, int slots, Duration longestTokenLife) {
        return List.of(
                keyed(LogTopics.COMMANDS, kafka, 3 * 24, true),
                keyed(LogTopics.USER_COMMANDS, kafka, 3 * 24, true),
                keyed(LogTopics.EVENTS, kafka, 7 * 24, false),
                keyed(LogTopics.POINTERS, kafka, 7 * 24, false),
                // They say what was written. Without a push service they go with time.
                keyed(LogTopics.NOTIFICATIONS, kafka, 24, false),
                new TopicPlan(LogTopics.DELIVERIES, slots, SLOTS_KEY, kafka.replication(), 1, false),
                new TopicPlan(LogTopics.NODES, 1, "", kafka.replication(), 1, true),
                new TopicPlan(
                        LogTopics.REVOCATIONS,
                        1,
                        "",
                        kafka.replication(),
                        (int) longestTokenLife.toHours() + 24,
                        false),
                new TopicPlan(LogTopics.DEAD_LETTERS, 1, "", kafka.replication(), 30 * 24, false),
                new TopicPlan(LogTopics.BURIED_RECORDS, 1, "", kafka.replication(), 24, false));
    }

    private static TopicPlan keyed(String name, KafkaSettings kafka, int retentionHours, boolean timedByLog) {
        return new TopicPlan(name, kafka.partitions(), PARTITIONS_KEY, kafka.replication(), retentionHours, timedByLog);
    }

    /** Settings of the topic with which it is made. */
    Map<String, String> configs() {
        return Map.of(
                "retention.ms",
                Long.toString(retentionHours * 3_600_000L),
                "segment.bytes",
                Integer.toString(64 * 1024 * 1024),
                "min.insync.replicas",
                LogSetup.minInSyncReplicas(replication),
                "message.timestamp.type",
                timedByLog ? "LogAppendTime" : "CreateTime");
    }

    /** Whether partitions are to be added. Only the deliveries can have more: no key decides where a record goes. */
    boolean grows(Found found) {
        return partitionsKey.equals(SLOTS_KEY) && found.partitions() < partitions;
    }

    /**
     * Compares it with what Kafka has, after partitions were added.
     *
     * @throws BadSetting in one sentence, if it is something else
     */
    void check(Found found) {
        if (!partitionsKey.isEmpty() && found.partitions() != partitions && !grows(found)) {
            throw new BadSetting("topic " + name + " has " + count(found.partitions(), "partition") + " but "
                    + partitionsKey + " asks for " + partitions + ": "
                    + (partitionsKey.equals(SLOTS_KEY)
                            ? "slots cannot be taken away"
                            : "conversations and users stay in their partitions, so the number is fixed")
                    + "; set " + partitionsKey + " = " + found.partitions());
        }
        if (found.replication() != replication) {
            throw new BadSetting("topic " + name + " has " + count(found.replication(), "replica") + " but "
                    + REPLICATION_KEY + " asks for " + replication + ": change its replicas with"
                    + " kafka-reassign-partitions, or set " + REPLICATION_KEY + " = " + found.replication());
        }
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
