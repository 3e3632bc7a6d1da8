package io.parley.archiver;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;

/** A Kafka with ends and a Cassandra with a clock; either may fail or keep one waiting. */
final class PlayedProgress implements LogProgress {
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<Integer, Instant> stored = new HashMap<>();
    private final List<String> calls = new ArrayList<>();
    private CompletableFuture<Void> clockAnswers = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> storeAnswers = CompletableFuture.completedFuture(null);
    private Instant now = Instant.EPOCH;

    void at(int seconds) {
        now = Instant.EPOCH.plusSeconds(seconds);
    }

    void end(TopicPartition partition, long offset) {
        ends.put(partition, offset);
    }

    void clockAnswers(CompletableFuture<Void> when) {
        clockAnswers = when;
    }

    void storeAnswers(CompletableFuture<Void> when) {
        storeAnswers = when;
    }

    /** By partition, the second up to which it was told to be written. */
    Map<Integer, Long> stored() {
        Map<Integer, Long> seconds = new HashMap<>();
        stored.forEach((partition, time) -> seconds.put(partition, time.getEpochSecond()));
        return seconds;
    }

    List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public CompletionStage<Instant> clock() {
        calls.add("clock");
        Instant time = now;
        return clockAnswers.thenApply(done -> time);
    }

    @Override
    public CompletionStage<Map<TopicPartition, Long>> ends(Set<TopicPartition> partitions) {
        calls.add("ends");
        Map<TopicPartition, Long> asked = new HashMap<>(ends);
        asked.keySet().retainAll(partitions);
        return CompletableFuture.completedFuture(asked);
    }

    @Override
    public CompletionStage<?> store(Map<Integer, Instant> writtenUntil, int partitions) {
        calls.add("store " + writtenUntil.size() + " of " + partitions);
        return storeAnswers.thenRun(() -> stored.putAll(writtenUntil));
    }
}
