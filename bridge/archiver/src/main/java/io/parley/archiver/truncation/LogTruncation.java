package io.parley.archiver.truncation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.runtime.LogSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Truncates Kafka's topics behind their slowest reader: every group that has committed an offset in a partition counts, those of plugins for a while only, and a topic without a
 * commit of each group that it is for stays whole. Nodes commit nothing, so deliveries go by time alone, as buried records do. Then it sees to it that Kafka deletes the
 * files. Harmless to run several times at once.
 */
public final class LogTruncation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogTruncation.class);
    private static final Map<String, List<String>> READERS = Map.of(
            LogTopics.COMMANDS, List.of(LogTopics.ENGINE_READER),
            LogTopics.USER_COMMANDS, List.of(LogTopics.ENGINE_READER),
            LogTopics.EVENTS, List.of(LogTopics.ARCHIVE_READER),
            LogTopics.POINTERS, List.of(LogTopics.ARCHIVE_READER),
            LogTopics.NOTIFICATIONS, LogTopics.NOTIFICATION_READERS);
    /** What fills a history from a backup up again. */
    private static final Set<String> REFILLING = Set.of(LogTopics.EVENTS, LogTopics.POINTERS);

    private static final List<String> TOPICS = Stream.concat(
                    READERS.keySet().stream(), Stream.of(LogTopics.DELIVERIES, LogTopics.BURIED_RECORDS))
            .toList();

    private final Admin admin;
    private final LogSettings settings;
    private final QuietPartitions quiet;
    private final Counter truncations;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "log-truncation");
        thread.setDaemon(true);
        return thread;
    });
    private boolean failing;

    /**
     * Does nothing yet.
     *
     * @param kafka how it is reached
     * @param settings how long what is kept
     * @param registry gets {@code parley.log.truncations}
     */
    public LogTruncation(KafkaClient kafka, LogSettings settings, MeterRegistry registry) {
        this.admin = Admin.create(kafka.properties());
        this.settings = settings;
        this.quiet = new QuietPartitions(kafka, settings.file());
        this.truncations = Counter.builder("parley.log.truncations")
                .description("Partitions whose read records were dropped")
                .register(registry);
    }

    /** Truncates from now on, half as often as records are kept. */
    public void start() {
        long millis = Math.max(1000, settings.kept().toMillis() / 2);
        var unused = timer.scheduleWithFixedDelay(this::tryToTruncate, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void tryToTruncate() {
        try {
            truncate();
            Map<TopicPartition, Long> ends = offsets(partitions(TOPICS), OffsetSpec.latest());
            quiet.look(ends, System.nanoTime());
            failing = false;
        } catch (ExecutionException | RuntimeException e) {
            if (!failing) {
                LOG.warn("read records cannot be dropped now, trying again: {}", e.toString());
            }
            failing = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void truncate() throws ExecutionException, InterruptedException {
        Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = committed();
        Map<TopicPartition, Long> read = read(committed);
        Map<TopicPartition, Long> limits = new HashMap<>();
        Map<Boolean, Set<TopicPartition>> refilling = read.keySet().stream()
                .collect(Collectors.partitioningBy(
                        partition -> REFILLING.contains(partition.topic()), Collectors.toSet()));
        Map<TopicPartition, Long> firsts = new HashMap<>();
        firsts.putAll(firstSince(refilling.getOrDefault(false, Set.of()), settings.kept()));
        firsts.putAll(firstSince(refilling.getOrDefault(true, Set.of()), settings.refill()));
        firsts.forEach((partition, first) -> {
            long end = read.getOrDefault(partition, 0L);
            limits.put(partition, first < 0 ? end : Math.min(first, end));
        });
        keepForPlugins(committed, limits);
        addLimits(LogTopics.DELIVERIES, settings.deliveriesKept(), limits);
        addLimits(LogTopics.BURIED_RECORDS, settings.buriedKept(), limits);
        Map<TopicPartition, Long> starts = offsets(limits.keySet(), OffsetSpec.earliest());
        limits.entrySet().removeIf(entry -> entry.getValue() <= starts.getOrDefault(entry.getKey(), Long.MAX_VALUE));
        if (!limits.isEmpty()) {
            admin.deleteRecords(limits.entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, entry -> RecordsToDelete.beforeOffset(entry.getValue()))))
                    .all()
                    .get();
            truncations.increment(limits.size());
        }
    }

    /** For what goes by time alone. */
    private void addLimits(String topic, Duration kept, Map<TopicPartition, Long> limits)
            throws ExecutionException, InterruptedException {
        firstSince(partitions(Set.of(topic)), kept).forEach((partition, first) -> {
            if (first >= 0) {
                limits.put(partition, first);
            }
        });
    }

    /** What plugins have not read stays, while it is young enough. */
    private void keepForPlugins(
            Map<String, Map<TopicPartition, OffsetAndMetadata>> committed, Map<TopicPartition, Long> limits)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> behind = slowest(committed, LogTopics::isPluginReader);
        behind.keySet().retainAll(limits.keySet());
        firstSince(behind.keySet(), settings.plugins()).forEach((partition, first) -> {
            if (first >= 0) {
                long kept = Math.max(first, behind.getOrDefault(partition, 0L));
                limits.computeIfPresent(partition, (same, limit) -> Math.min(limit, kept));
            }
        });
    }

    private Map<String, Map<TopicPartition, OffsetAndMetadata>> committed()
            throws ExecutionException, InterruptedException {
        List<String> groups = admin.listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .toList();
        return admin.listConsumerGroupOffsets(groups.stream()
                        .collect(Collectors.toMap(Function.identity(), group -> new ListConsumerGroupOffsetsSpec())))
                .all()
                .get();
    }

    /** Where the slowest of these groups is. */
    private static Map<TopicPartition, Long> slowest(
            Map<String, Map<TopicPartition, OffsetAndMetadata>> committed, Predicate<String> groups) {
        Map<TopicPartition, Long> slowest = new HashMap<>();
        committed.forEach((group, offsets) -> offsets.forEach((partition, offset) -> {
            if (offset != null && groups.test(group)) {
                slowest.merge(partition, offset.offset(), Math::min);
            }
        }));
        return slowest;
    }

    /** Up to where every reader of a partition is, where each reader that it is for has committed. */
    private static Map<TopicPartition, Long> read(Map<String, Map<TopicPartition, OffsetAndMetadata>> committed) {
        Map<TopicPartition, Long> slowest = slowest(committed, group -> !LogTopics.isPluginReader(group));
        slowest.keySet().removeIf(partition -> {
            List<String> readers = READERS.get(partition.topic());
            return readers == null
                    || readers.stream()
                            .anyMatch(reader ->
                                    committed.getOrDefault(reader, Map.of()).get(partition) == null);
        });
        return slowest;
    }

    private Set<TopicPartition> partitions(Collection<String> topics) throws ExecutionException, InterruptedException {
        Map<String, TopicDescription> descriptions =
                admin.describeTopics(topics).allTopicNames().get();
        return descriptions.values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toSet());
    }

    /** The offset of the first record that is younger; -1 where there is none. */
    private Map<TopicPartition, Long> firstSince(Collection<TopicPartition> partitions, Duration age)
            throws ExecutionException, InterruptedException {
        return offsets(partitions, OffsetSpec.forTimestamp(System.currentTimeMillis() - age.toMillis()));
    }

    private Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> found = admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec)))
                .all()
                .get();
        found.forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    @Override
    public void close() {
        timer.shutdownNow();
        quiet.close();
        admin.close(Duration.ofSeconds(2));
    }
}
