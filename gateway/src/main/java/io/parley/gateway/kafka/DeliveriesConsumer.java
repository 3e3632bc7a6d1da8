package io.parley.gateway.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.delivering.DeliveryNode.Addressed;
import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the node's partition of the deliveries, from its end at start on: what came before was for an earlier life. */
public final class DeliveriesConsumer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveriesConsumer.class);

    /** Kafka has nothing to be told, and may be out. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    /** A fetch is answered after half a second at most. A broker that hangs holds connections open: another leads its partitions long before Kafka's 30 s. */
    private static final int REQUEST_TIMEOUT_MILLIS = 3000;

    private static final long PAUSE_MILLIS = 500;
    private static final long SHARDS_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final KafkaConsumer<String, byte[]> consumer;
    private final DeliveryNode node;
    private final BooleanSupplier held;
    private final LongConsumer delivered;
    private final Thread thread = new Thread(this::run, "deliveries");
    private final Metric fetches;
    /** The newest batch of the node. */
    private CompletableFuture<Void> handed = CompletableFuture.completedFuture(null);

    private volatile long answeredNanos;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean closed;

    /**
     * @param kafka how it is reached
     * @param node whose slot is read
     * @param held whether the node holds its slot; if not, nothing more is delivered
     * @param delivered told of each event, when the devices were handed it, how many milliseconds ago the log took what it came of
     * @param ended told what ended the reading, when it was not {@link #close}: devices would wait for nothing from then on
     */
    public DeliveriesConsumer(
            KafkaClient kafka,
            DeliveryNode node,
            BooleanSupplier held,
            LongConsumer delivered,
            Consumer<Throwable> ended) {
        this.node = node;
        this.held = held;
        this.delivered = delivered;
        thread.setUncaughtExceptionHandler((reading, failure) -> ended.accept(failure));
        consumer = new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        REQUEST_TIMEOUT_MILLIS,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1000)),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        fetches = consumer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("fetch-total")
                        && metric.metricName().group().equals("consumer-fetch-manager-metrics"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Kafka's client counts its fetches no more"));
    }

    /**
     * Finds the end of the partition and starts reading. When it returns, no delivery for this life can be missed.
     *
     * @throws KafkaException if Kafka cannot be reached or the topic is missing
     */
    public void start() {
        TopicPartition slot =
                new TopicPartition(LogTopics.DELIVERIES, node.node().getSlot());
        consumer.assign(List.of(slot));
        consumer.seekToEnd(List.of(slot));
        long end = consumer.position(slot);
        LOG.info("deliveries are read slot={} offset={}", slot.partition(), end);
        answeredNanos = System.nanoTime();
        thread.start();
    }

    /** The time since Kafka last answered. Half a second is usual: so long a fetch waits when there is nothing to deliver. */
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - answeredNanos);
    }

    private void run() {
        Object fetched = fetches.metricValue();
        while (!closed) {
            try {
                ConsumerRecords<String, byte[]> records = consumer.poll(Duration.ofMillis(500));
                Object now = fetches.metricValue();
                if (!now.equals(fetched)) {
                    fetched = now;
                    answeredNanos = System.nanoTime();
                }
                if (!held.getAsBoolean()) {
                    // A process that stood still finds here what came since: others may have the slot by now.
                    node.end();
                    break;
                }
                if (!records.isEmpty()) {
                    CompletableFuture<Void> before = handed;
                    List<Long> events = new ArrayList<>();
                    handed = node.deliver(decode(records, events)).thenRun(() -> tell(events));
                    await(before);
                    if (node.isSuperseded()) {
                        throw new IllegalStateException(
                                "another process has slot " + node.node().getSlot());
                    }
                }
            } catch (WakeupException | InterruptException stopping) {
                // The loop's condition tells.
            } catch (OffsetOutOfRangeException e) {
                skipLost(e);
            } catch (KafkaException e) {
                LOG.warn("deliveries cannot be read reason={}", String.valueOf(e.getMessage()));
                pause();
            }
        }
        consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
    }

    /** Deliveries were dropped before they were read. Each device connects again, and goes on at its cursor. */
    private void skipLost(OffsetOutOfRangeException lost) {
        LOG.error("deliveries were lost, all connections end offsets={}", lost.offsetOutOfRangePartitions());
        consumer.seekToEnd(lost.partitions());
        node.closeAll();
    }

    /** A failure that stays is tried again, but not as fast as it fails. */
    private void pause() {
        try {
            var unused = closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Shards that are held up make the log wait, not the heap; one that hangs holds up the others only so long. */
    private void await(CompletableFuture<Void> batch) {
        long startNanos = System.nanoTime();
        while (!closed && !batch.isDone() && System.nanoTime() - startNanos < SHARDS_LIMIT_NANOS) {
            try {
                batch.get(100, TimeUnit.MILLISECONDS);
            } catch (TimeoutException goOn) {
                // The loop's condition tells.
            } catch (ExecutionException e) {
                throw new IllegalStateException("a batch only ends, it never fails", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void tell(List<Long> eventsMillis) {
        long nowMillis = System.currentTimeMillis();
        eventsMillis.forEach(millis -> delivered.accept(nowMillis - millis));
    }

    /** @param events gets the times of what is an event */
    private static List<Addressed> decode(ConsumerRecords<String, byte[]> records, List<Long> events) {
        List<Addressed> batch = new ArrayList<>(records.count());
        for (ConsumerRecord<String, byte[]> record : records) {
            if (record.value() == null) {
                continue;
            }
            try {
                Delivery delivery = Delivery.parseFrom(record.value());
                batch.add(new Addressed(record.key(), delivery));
                if (delivery.hasEvent()) {
                    events.add(record.timestamp());
                }
            } catch (InvalidProtocolBufferException e) {
                LOG.error("a delivery cannot be read offset={}", record.offset(), e);
            }
        }
        return batch;
    }

    /** Stops reading; may be called again. When it returns, the node gets no more deliveries. */
    @Override
    public void close() {
        closed = true;
        closing.countDown();
        consumer.wakeup();
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
