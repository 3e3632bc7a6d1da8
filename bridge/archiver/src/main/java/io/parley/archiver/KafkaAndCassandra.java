package io.parley.archiver;

import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.storage.HistoryProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Offsets from Kafka, times from Cassandra and to it. */
final class KafkaAndCassandra implements LogProgress, AutoCloseable {
    private static final int LIMIT_MILLIS = 5000;

    private final Admin admin;
    private final HistoryProgress progress;

    KafkaAndCassandra(KafkaClient kafka, HistoryProgress progress) {
        this.admin = Admin.create(kafka.with(Map.of(AdminClientConfig.CLIENT_ID_CONFIG, LogTopics.ARCHIVE_READER)));
        this.progress = progress;
    }

    @Override
    public CompletionStage<Instant> clock() {
        return progress.clock();
    }

    @Override
    public CompletionStage<Map<TopicPartition, Long>> ends(Set<TopicPartition> partitions) {
        // Not the last stable offset: as long as an older transaction is open, what was committed after its begin lies
        // above it.
        ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED).timeoutMs(LIMIT_MILLIS);
        return admin.listOffsets(
                        partitions.stream()
                                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest())),
                        options)
                .all()
                .toCompletionStage()
                .thenApply(found -> {
                    Map<TopicPartition, Long> ends = new HashMap<>();
                    found.forEach((partition, end) -> ends.put(partition, end.offset()));
                    return ends;
                });
    }

    @Override
    public CompletionStage<?> store(Map<Integer, Instant> writtenUntil, int partitions) {
        return progress.report(writtenUntil, partitions);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
