package io.parley.bridge.engine;

import io.parley.protocol.LogTopics;
import io.parley.runtime.BadSetting;
import io.parley.runtime.KafkaSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics that are missing, compares those that exist with the settings, and sets what may change. */
public final class LogSetup {
    private static final Logger LOG = LoggerFactory.getLogger(LogSetup.class);
    private static final String MIN_IN_SYNC = "min.insync.replicas";
    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(30);
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);

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
     * Makes the topics what the settings ask for.
     *
     * @param slots how many nodes there can be
     * @param file how long Kafka writes to a file at most; it goes when all of it is dropped
     * @param longestTokenLife how long it is of use that a token was revoked
     * @throws BadSetting in one sentence, if topics have other numbers of partitions or replicas
     * @throws ExecutionException if Kafka refuses or cannot be reached
     */
    public static void ensure(KafkaSettings kafka, int slots, Duration file, Duration longestTokenLife)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(kafka.client().properties())) {
            List<TopicPlan> plans = TopicPlan.all(kafka, slots, longestTokenLife);
            Set<String> existing = admin.listTopics().names().get();
            for (TopicPlan plan : plans) {
                if (!existing.contains(plan.name())) {
                    create(admin, plan);
                }
            }
            compare(admin, plans);
            setConfigs(admin, plans, existing, kafka, file);
        }
    }

    /** Of every topic, the engine's own included: none may forget what another remembers. */
    static String minInSyncReplicas(int replication) {
        return replication >= 3 ? "2" : "1";
    }

    private static void create(Admin admin, TopicPlan plan) throws ExecutionException, InterruptedException {
        try {
            NewTopic topic = new NewTopic(plan.name(), plan.partitions(), plan.replication()).configs(plan.configs());
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            // By another engine at the same time.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static void compare(Admin admin, List<TopicPlan> plans) throws ExecutionException, InterruptedException {
        Map<String, TopicDescription> described =
                described(admin, plans.stream().map(TopicPlan::name).toList());
        for (TopicPlan plan : plans) {
            TopicPlan.Found found = found(Objects.requireNonNull(described.get(plan.name())));
            plan.check(found);
            if (plan.grows(found)) {
                grow(admin, plan, found);
            }
        }
    }

    /** A topic that was just made is not known to every broker at once. */
    private static Map<String, TopicDescription> described(Admin admin, List<String> names)
            throws ExecutionException, InterruptedException {
        long startNanos = System.nanoTime();
        while (true) {
            try {
                return admin.describeTopics(names).allTopicNames().get();
            } catch (ExecutionException e) {
                boolean over = System.nanoTime() - startNanos > KNOWN_WITHIN.toNanos();
                if (over || !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                Thread.sleep(ASK_AGAIN.toMillis());
            }
        }
    }

    private static TopicPlan.Found found(TopicDescription topic) {
        int replicas = topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        return new TopicPlan.Found(topic.partitions().size(), replicas);
    }

    private static void grow(Admin admin, TopicPlan plan, TopicPlan.Found found)
            throws ExecutionException, InterruptedException {
        try {
            admin.createPartitions(Map.of(plan.name(), NewPartitions.increaseTo(plan.partitions())))
                    .all()
                    .get();
            LOG.info("slots are added topic={} before={} now={}", plan.name(), found.partitions(), plan.partitions());
        } catch (ExecutionException e) {
            // By another engine at the same time.
            if (!(e.getCause() instanceof InvalidPartitionsException)) {
                throw e;
            }
        }
    }

    /** What topics that exist may not have, because an older engine made them, or the settings were others. */
    private static void setConfigs(
            Admin admin, List<TopicPlan> plans, Set<String> existing, KafkaSettings kafka, Duration file)
            throws ExecutionException, InterruptedException {
        Map<ConfigResource, Collection<AlterConfigOp>> all = new HashMap<>();
        for (TopicPlan plan : plans) {
            Stream<AlterConfigOp> own = Stream.of(
                    set(MIN_IN_SYNC, minInSyncReplicas(plan.replication())),
                    set("message.timestamp.type", plan.timedByLog() ? "LogAppendTime" : "CreateTime"));
            Stream<AlterConfigOp> times = TRUNCATED.contains(plan.name())
                    ? Stream.of(
                            set("segment.ms", Long.toString(file.toMillis())),
                            // Only who still reads what is dropped could miss it.
                            set("file.delete.delay.ms", "5000"))
                    : Stream.empty();
            // It follows a setting, which may be another one than when the topic was made.
            Stream<AlterConfigOp> kept = plan.name().equals(LogTopics.REVOCATIONS)
                    ? Stream.of(set(
                            "retention.ms",
                            Objects.requireNonNull(plan.configs().get("retention.ms"))))
                    : Stream.empty();
            all.put(
                    topic(plan.name()),
                    Stream.of(own, times, kept).flatMap(ops -> ops).toList());
        }
        existing.stream()
                .filter(LogSetup::isEnginesOwn)
                .forEach(name ->
                        all.put(topic(name), List.of(set(MIN_IN_SYNC, minInSyncReplicas(kafka.replication())))));
        // Notes about slots are read from the first on.
        all.merge(
                topic(LogTopics.NODES),
                List.of(set("segment.ms", "600000")),
                (one, other) -> Stream.concat(one.stream(), other.stream()).toList());
        admin.incrementalAlterConfigs(all).all().get();
    }

    private static boolean isEnginesOwn(String topic) {
        return topic.startsWith(LogTopics.ENGINE_READER + "-") && topic.endsWith("-changelog");
    }

    private static ConfigResource topic(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    }
}
