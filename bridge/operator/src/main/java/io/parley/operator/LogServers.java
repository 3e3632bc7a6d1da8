package io.parley.operator;

import io.parley.protocol.LogTopics;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Kafka's brokers, the partitions that they lead and lack, and how far readers are behind. */
final class LogServers {
    private final Admin admin;
    private final Consumer<String> out;

    LogServers(Admin admin, Consumer<String> out) {
        this.admin = admin;
        this.out = out;
    }

    /**
     * Says it, a line for each topic and group.
     *
     * @param replication how many brokers there are to be at least
     * @return whether no replica is missing
     */
    boolean print(int replication) throws ExecutionException, InterruptedException {
        DescribeClusterResult cluster = admin.describeCluster();
        Collection<Node> brokers = cluster.nodes().get();
        out.accept("Kafka: " + brokers.size() + " brokers up ("
                + brokers.stream()
                        .map(broker -> broker.id() + " at " + broker.host() + ":" + broker.port())
                        .sorted()
                        .collect(Collectors.joining(", "))
                + "), controller " + cluster.controller().get().id());
        boolean whole = printTopics() && brokers.size() >= replication;
        printGroups();
        return whole;
    }

    private boolean printTopics() throws ExecutionException, InterruptedException {
        Set<String> names = admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get();
        Map<String, TopicDescription> topics =
                new TreeMap<>(admin.describeTopics(names).allTopicNames().get());
        out.accept(String.format("  %-52s %-22s %-18s", "topic", "leader of 0, 1, ...", "under-replicated"));
        boolean whole = true;
        for (TopicDescription topic : topics.values()) {
            long lacking =
                    topic.partitions().stream().filter(LogServers::isLacking).count();
            whole &= lacking == 0;
            out.accept(String.format(
                    "  %-52s %-22s %s",
                    topic.name(),
                    topic.partitions().stream().map(LogServers::leader).collect(Collectors.joining(" ")),
                    lacking == 0 ? "-" : lacking + " of " + topic.partitions().size()));
        }
        return whole;
    }

    private static boolean isLacking(TopicPartitionInfo partition) {
        return partition.isr().size() < partition.replicas().size();
    }

    private static String leader(TopicPartitionInfo partition) {
        return partition.leader() == null || partition.leader().isEmpty()
                ? "NONE"
                : partition.leader().idString();
    }

    private void printGroups() throws ExecutionException, InterruptedException {
        out.accept(String.format("  %-36s %-20s %8s %8s", "reader", "state", "members", "behind"));
        Set<String> groups = new HashSet<>(Set.of(LogTopics.ENGINE_READER, LogTopics.ARCHIVE_READER));
        groups.addAll(LogTopics.NOTIFICATION_READERS);
        for (String group : groups.stream().sorted().toList()) {
            try {
                ConsumerGroupDescription description = Objects.requireNonNull(
                                admin.describeConsumerGroups(List.of(group))
                                        .describedGroups()
                                        .get(group))
                        .get();
                out.accept(String.format(
                        "  %-36s %-20s %8d %8d",
                        group, description.groupState(), description.members().size(), behind(group)));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                    throw e;
                }
                out.accept(String.format("  %-36s %-20s", group, "has never read"));
            }
        }
    }

    /** Records of all its partitions that it has not committed. */
    private long behind(String group) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        committed.keySet().forEach(partition -> asked.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                admin.listOffsets(asked).all().get();
        long behind = 0;
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
            OffsetAndMetadata read = committed.get(end.getKey());
            behind += read == null ? 0 : Math.max(0, end.getValue().offset() - read.offset());
        }
        return behind;
    }
}
