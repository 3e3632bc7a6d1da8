package io.parley.bridge.engine;

import io.parley.protocol.LogTopics;
import io.parley.runtime.KafkaSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that are missing, and sets how long Kafka writes to a file. */
public final class LogSetup {
    /** Broker nodes that a cluster can have: partitions of the deliveries topic. */
    public static final int SLOTS = 8;

    private static final List<String> TRUNCATED = List.of(
            LogTopics.COMMANDS,
            LogTopics.USER_COMMANDS,
            LogTopics.EVENTS,
            LogTopics.POINTERS,
            LogTopics.DELIVERIES,
            LogTopics.NOTIFICATIONS,
            LogTopics.BURIED_RECORDS);

    private LogSetup() {}

    /**
     * Creates what is missing; existing topics stay as they are, but for their files' times.
     *
     * @param file how long Kafka writes to a file at most; it goes when all of it is dropped
     * @throws ExecutionException if Kafka refuses or cannot be reached
     */
    public static void ensure(KafkaSettings kafka, Duration file) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.client().properties())) {
            create(admin, topic(LogTopics.COMMANDS, kafka.partitions(), kafka, 3 * 24));
            create(admin, topic(LogTopics.USER_COMMANDS, kafka.partitions(), kafka, 3 * 24));
            create(admin, topic(LogTopics.EVENTS, kafka.partitions(), kafka, 7 * 24));
            create(admin, topic(LogTopics.POINTERS, kafka.partitions(), kafka, 7 * 24));
            create(admin, topic(LogTopics.DELIVERIES, SLOTS, kafka, 1));
            // They say what was written. Without a push service they go with time.
            create(admin, topic(LogTopics.NOTIFICATIONS, kafka.partitions(), kafka, 24));
            create(admin, topic(LogTopics.DEAD_LETTERS, 1, kafka, 30 * 24));
            create(admin, topic(LogTopics.BURIED_RECORDS, 1, kafka, 24));
            setFileTimes(admin, file);
        }
    }

    private static NewTopic topic(String name, int partitions, KafkaSettings kafka, int retentionHours) {
        return new NewTopic(name, partitions, kafka.replication())
                .configs(Map.of(
                        "retention.ms",
                        Long.toString(retentionHours * 3_600_000L),
                        "segment.bytes",
                        Integer.toString(64 * 1024 * 1024),
                        "min.insync.replicas",
                        minInSyncReplicas(kafka.replication())));
    }

    /** Of every topic, the engine's own included: none may forget what another remembers. */
    static String minInSyncReplicas(int replication) {
        return replication >= 3 ? "2" : "1";
    }

    private static void setFileTimes(Admin admin, Duration file) throws ExecutionException, InterruptedException {
        List<AlterConfigOp> times = List.of(
                new AlterConfigOp(new ConfigEntry("segment.ms", Long.toString(file.toMillis())), OpType.SET),
                // Only who still reads what is dropped could miss it.
                new AlterConfigOp(new ConfigEntry("file.delete.delay.ms", "5000"), OpType.SET));
        Map<ConfigResource, Collection<AlterConfigOp>> all = new HashMap<>();
        TRUNCATED.forEach(topic -> all.put(new ConfigResource(ConfigResource.Type.TOPIC, topic), times));
        admin.incrementalAlterConfigs(all).all().get();
    }

    private static void create(Admin admin, NewTopic topic) throws ExecutionException, InterruptedException {
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
