package io.parley.push.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.LogTopics;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.push.PushToken;
import io.parley.push.sending.Delivery;
import io.parley.push.sending.Ending;
import io.parley.push.sending.Endings;
import io.parley.push.sending.Lane;
import io.parley.push.sending.LogPosition;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Hands the log's notifications to one platform's lane, and commits an offset when everything before it has ended. While the lane is full, partitions are
 * paused. A crash repeats what was read and not committed: no more than the lane holds, and what ended within the last {@value #COMMIT_MILLIS} ms.
 */
final class NotificationLoop {
    private static final long COMMIT_MILLIS = 200;
    private static final Duration SENDING_POLL = Duration.ofMillis(2);
    private static final Duration WAITING_POLL = Duration.ofMillis(50);
    private static final Duration IDLE_POLL = Duration.ofMillis(500);
    private static final Duration LAST_COMMIT = Duration.ofSeconds(3);

    private final Consumer<byte[], byte[]> consumer;
    private final PushPlatform platform;
    private final OutcomeLog outcomes;
    private final LongSupplier millis;
    private final Lane lane;
    private final Progress progress = new Progress();
    private final Queue<Appended> appended = new ConcurrentLinkedQueue<>();
    private long committedMillis;
    private boolean paused;

    private record Appended(LogPosition position, @Nullable Exception failure) {}

    /**
     * A loop that has read nothing.
     *
     * @param lanes makes the platform's lane, which tells each end to its argument
     * @param millis a clock
     */
    NotificationLoop(
            Consumer<byte[], byte[]> consumer,
            PushPlatform platform,
            OutcomeLog outcomes,
            Function<Endings, Lane> lanes,
            LongSupplier millis) {
        this.consumer = consumer;
        this.platform = platform;
        this.outcomes = outcomes;
        this.millis = millis;
        this.lane = lanes.apply(this::ended);
    }

    /** Joins the platform's group. */
    void subscribe(Runnable joined) {
        consumer.subscribe(List.of(LogTopics.NOTIFICATIONS), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                if (paused) {
                    consumer.pause(partitions);
                }
                joined.run();
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                commitNow();
                forget(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                forget(partitions);
            }
        });
    }

    /**
     * Reads, sends and commits what can be now.
     *
     * @throws KafkaException when an end could not be written: then everything not committed has to be read again
     */
    void turn() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience())) {
            take(record);
        }
        lane.turn();
        takeAppended();
        holdBack();
        if (millis.getAsLong() - committedMillis >= COMMIT_MILLIS) {
            commitSoon();
        }
    }

    /** Begins no more attempts. The loop should go on turning until {@link #isSending} is over, or nobody wants to wait any more. */
    void stop() {
        lane.stop();
    }

    /** Whether attempts are under way. */
    boolean isSending() {
        return lane.isSending();
    }

    /** Commits what has ended. What is under way is read again by whoever comes next. */
    void finish() {
        takeAppended();
        commitNow();
    }

    private Duration patience() {
        if (lane.isSending() || !appended.isEmpty()) {
            return SENDING_POLL;
        }
        return lane.isIdle() ? IDLE_POLL : WAITING_POLL;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        LogPosition position = progress.position(record.partition(), record.offset());
        if (record.value() == null) {
            progress.read(position, 0);
            return;
        }
        try {
            Notification notification = Notification.parseFrom(record.value());
            if (notification.getKindCase() == Notification.KindCase.KIND_NOT_SET) {
                unreadable(record, position);
            } else {
                offer(notification, position);
            }
        } catch (InvalidProtocolBufferException e) {
            unreadable(record, position);
        }
    }

    private void offer(Notification notification, LogPosition position) {
        List<PushToken> ours = notification.getTokensList().stream()
                .filter(token -> token.getPlatform() == platform)
                .toList();
        progress.read(position, ours.size());
        // What waits does not hold the other tokens.
        Notification shown = notification.toBuilder().clearTokens().build();
        for (PushToken token : ours) {
            lane.offer(new Delivery(token, shown, position));
        }
    }

    private void unreadable(ConsumerRecord<byte[], byte[]> record, LogPosition position) {
        boolean first = platform == PushPlatform.APNS;
        // Each platform reads every record: one of them reports it.
        progress.read(position, first ? 1 : 0);
        if (first) {
            String key = record.key() == null ? "" : new String(record.key(), java.nio.charset.StandardCharsets.UTF_8);
            outcomes.unreadable(key, position, record.value().length, failure -> wrote(position, failure));
        }
    }

    private void ended(Delivery delivery, Ending ending) {
        LogPosition position = delivery.position();
        if (ending instanceof Ending.TokenGone gone) {
            outcomes.tokenGone(delivery, gone.asOfMillis(), failure -> wrote(position, failure));
        } else if (ending instanceof Ending.Failed failed) {
            outcomes.failed(delivery, failed.reason(), failure -> wrote(position, failure));
        } else {
            progress.ended(position);
        }
    }

    private void wrote(LogPosition position, @Nullable Exception failure) {
        appended.add(new Appended(position, failure));
    }

    private void takeAppended() {
        for (Appended next = appended.poll(); next != null; next = appended.poll()) {
            if (next.failure() != null) {
                throw new KafkaException("an outcome could not be written", next.failure());
            }
            progress.ended(next.position());
        }
    }

    private void holdBack() {
        if (!paused && lane.isFull()) {
            paused = true;
            consumer.pause(consumer.assignment());
        } else if (paused && lane.hasRoom()) {
            paused = false;
            consumer.resume(consumer.assignment());
        }
    }

    private void commitSoon() {
        committedMillis = millis.getAsLong();
        Map<TopicPartition, OffsetAndMetadata> moved = moved();
        if (!moved.isEmpty()) {
            consumer.commitAsync(moved, (offsets, failure) -> {
                if (failure != null) {
                    progress.tellAgain();
                }
            });
        }
    }

    private void commitNow() {
        Map<TopicPartition, OffsetAndMetadata> moved = moved();
        if (!moved.isEmpty()) {
            consumer.commitSync(moved, LAST_COMMIT);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> moved() {
        Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
        progress.moved()
                .forEach((partition, offset) -> moved.put(
                        new TopicPartition(LogTopics.NOTIFICATIONS, partition), new OffsetAndMetadata(offset)));
        return moved;
    }

    private void forget(Collection<TopicPartition> partitions) {
        Set<Integer> gone = partitions.stream().map(TopicPartition::partition).collect(Collectors.toSet());
        lane.forget(gone);
        progress.forget(gone);
    }
}
