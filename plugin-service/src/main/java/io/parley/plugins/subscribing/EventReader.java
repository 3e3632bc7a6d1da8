package io.parley.plugins.subscribing;

import io.parley.plugin.SubscriptionTerms;
import io.parley.plugins.hosting.Services;
import io.parley.plugins.running.PluginCalls;
import io.parley.plugins.running.PluginFigures;
import io.parley.plugins.running.Subscription;
import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one subscription: a thread that reads the events of the log as a consumer group of its own, and hands the plugin one after the other. An event that
 * is not taken is tried again after a pause, in which the rest of its partition waits and other partitions go on. An offset is committed when everything before it was taken,
 * given up or skipped.
 */
public final class EventReader implements Services.Open {
    private static final Logger LOG = LoggerFactory.getLogger(EventReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 1000;

    private final String label;
    private final Subscription subscription;
    private final Delivery delivery;
    private final PluginFigures figures;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Thread thread;
    private final Map<TopicPartition, Retry> retries = new HashMap<>();
    /** When the event was logged that each partition is at; nothing for those that have none left. */
    private final Map<TopicPartition, Long> untold = new ConcurrentHashMap<>();

    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile boolean reading;
    private volatile boolean closed;

    /** What a partition waits for. */
    private record Retry(long offset, int attempts, long dueNanos) {}

    private EventReader(
            String label,
            Subscription subscription,
            Delivery delivery,
            PluginFigures figures,
            Supplier<Consumer<byte[], byte[]>> consumers) {
        this.label = label;
        this.subscription = subscription;
        this.delivery = delivery;
        this.figures = figures;
        this.consumers = consumers;
        this.thread = new Thread(this::run, "events-" + label);
    }

    /** Begins to serve a subscription of a plugin. */
    public static EventReader start(
            KafkaClient kafka, String plugin, Subscription subscription, PluginCalls calls, PluginFigures figures) {
        String group = LogTopics.pluginReader(plugin, subscription.name());
        EventReader reader = new EventReader(
                plugin + "-" + subscription.name(),
                subscription,
                new Delivery(subscription, calls, figures),
                figures,
                () -> EventConsumer.open(kafka, group));
        reader.thread.setDaemon(true);
        reader.thread.start();
        return reader;
    }

    @Override
    public String name() {
        return subscription.name();
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    @Override
    public Duration lag() {
        long now = System.currentTimeMillis();
        return Duration.ofMillis(untold.values().stream()
                .mapToLong(logged -> Math.max(0, now - logged))
                .max()
                .orElse(0));
    }

    private void run() {
        while (!closed) {
            try (Consumer<byte[], byte[]> opened = consumers.get()) {
                consumer = opened;
                retries.clear();
                untold.clear();
                opened.subscribe(List.of(LogTopics.EVENTS));
                while (!closed) {
                    turn(opened);
                }
            } catch (WakeupException e) {
                LOG.debug("subscription={} ends", label);
            } catch (KafkaException e) {
                LOG.warn("subscription={} begins anew: {}", label, e.toString());
                rest();
            } catch (InterruptedException e) {
                return;
            } finally {
                reading = false;
            }
        }
    }

    private void rest() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void turn(Consumer<byte[], byte[]> from) throws InterruptedException {
        resume(from);
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = from.poll(POLL);
            if (!reading && !from.assignment().isEmpty()) {
                from.assignment().forEach(partition -> from.position(partition, PATIENCE));
                reading = true;
                LOG.info(
                        "subscription={} reads partitions={}",
                        label,
                        from.assignment().size());
            }
        } catch (InvalidOffsetException e) {
            place(from, e);
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> reached = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            long next = handle(from, partition, records.records(partition));
            reached.put(partition, new OffsetAndMetadata(next));
        }
        if (!reached.isEmpty()) {
            from.commitSync(reached, PATIENCE);
        }
    }

    /** Hands on what came of a partition. Returns the offset that comes next. */
    private long handle(
            Consumer<byte[], byte[]> from, TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records)
            throws InterruptedException {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (closed) {
                return record.offset();
            }
            untold.put(partition, record.timestamp());
            if (!delivery.isTaken(record) && (closed || !isGivenUp(record, partition))) {
                from.seek(partition, record.offset());
                from.pause(Set.of(partition));
                return record.offset();
            }
            retries.remove(partition);
        }
        untold.remove(partition);
        return records.get(records.size() - 1).offset() + 1;
    }

    /** Whether an event that was not taken has had all its attempts; if not, when it is tried again. */
    private boolean isGivenUp(ConsumerRecord<byte[], byte[]> record, TopicPartition partition) {
        SubscriptionTerms terms = subscription.terms();
        Retry before = retries.get(partition);
        int attempts = before != null && before.offset() == record.offset() ? before.attempts() + 1 : 1;
        if (attempts >= terms.attempts()) {
            figures.giveUp();
            LOG.warn(
                    "subscription={} gives up the event at partition={} offset={} after {} attempts",
                    label,
                    record.partition(),
                    record.offset(),
                    attempts);
            return true;
        }
        // 2^20 first pauses are longer than the longest.
        long pauseMillis = Math.min(
                terms.firstPause().toMillis() << Math.min(attempts - 1, 20),
                terms.longestPause().toMillis());
        retries.put(partition, new Retry(record.offset(), attempts, System.nanoTime() + pauseMillis * 1_000_000));
        return false;
    }

    private void resume(Consumer<byte[], byte[]> from) {
        Set<TopicPartition> paused = from.paused();
        if (paused.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        from.resume(paused.stream()
                .filter(partition -> {
                    Retry retry = retries.get(partition);
                    return retry == null || now - retry.dueNanos() >= 0;
                })
                .toList());
    }

    /** Finds the place of a subscription that is new, or whose place the log has no more. */
    private void place(Consumer<byte[], byte[]> from, InvalidOffsetException why) {
        Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
        if (why instanceof OffsetOutOfRangeException gone) {
            Map<TopicPartition, Long> first = from.beginningOffsets(why.partitions(), PATIENCE);
            gone.offsetOutOfRangePartitions().forEach((partition, wanted) -> {
                long begin = first.getOrDefault(partition, wanted);
                figures.skip(Math.max(0, begin - wanted));
                LOG.warn("subscription={} was too far behind: the log begins at {}, not at {}", label, begin, wanted);
                from.seek(partition, begin);
                places.put(partition, new OffsetAndMetadata(begin));
            });
        } else {
            from.endOffsets(why.partitions(), PATIENCE).forEach((partition, end) -> {
                from.seek(partition, end);
                places.put(partition, new OffsetAndMetadata(end));
            });
        }
        from.commitSync(places, PATIENCE);
    }

    @Override
    public void close() {
        closed = true;
        Consumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
    }
}
