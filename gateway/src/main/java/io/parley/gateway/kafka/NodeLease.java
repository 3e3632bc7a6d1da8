package io.parley.gateway.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.gateway.membership.SlotLease;
import io.parley.gateway.membership.SlotLog;
import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.SlotNote;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lease of this process's slot, kept in {@link LogTopics#NODES} by a thread of its own. */
public final class NodeLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);
    private static final TopicPartition NOTES = new TopicPartition(LogTopics.NODES, 0);
    private static final Duration SEEKING_POLL = Duration.ofMillis(50);
    private static final Duration HOLDING_POLL = Duration.ofMillis(500);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 500;

    private final KafkaConsumer<String, byte[]> consumer;
    private final KafkaProducer<String, byte[]> producer;
    private final Thread thread = new Thread(this::run, "lease");
    private final CompletableFuture<Node> taken = new CompletableFuture<>();
    private final CompletableFuture<String> lost = new CompletableFuture<>();
    private final int slots;
    /** Guarded by itself. */
    private final SlotLease lease;

    private volatile BooleanSupplier elsewhere = () -> false;
    private volatile boolean closed;
    private long end = Long.MAX_VALUE;

    private NodeLease(KafkaClient kafka, int slots, OptionalInt wish) {
        this.slots = slots;
        consumer = new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest")),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        producer = new KafkaProducer<>(
                kafka.with(Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        1000,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        3000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        5000)),
                new StringSerializer(),
                new ByteArraySerializer());
        lease = new SlotLease(slots, wish, UUID.randomUUID().toString(), new Notes(), System.nanoTime());
    }

    /**
     * Takes a slot.
     *
     * @param slots how many there are
     * @param wish the slot that is taken if it is free; another one if not
     * @throws IOException when none becomes free in time
     */
    public static NodeLease take(KafkaClient kafka, int slots, OptionalInt wish, Duration timeout)
            throws IOException, InterruptedException {
        NodeLease lease = new NodeLease(kafka, slots, wish);
        try {
            lease.thread.start();
            Node node = lease.taken.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            LOG.info("the lease is taken slot={} epoch={} wish={}", node.getSlot(), node.getEpoch(), named(wish));
            return lease;
        } catch (TimeoutException e) {
            lease.close();
            throw new IOException(lease.whyNone(), e);
        } catch (ExecutionException e) {
            lease.close();
            throw new IOException("no slot could be taken: " + e.getCause(), e);
        } catch (InterruptedException e) {
            lease.close();
            throw e;
        }
    }

    private static String named(OptionalInt wish) {
        return wish.isPresent() ? String.valueOf(wish.getAsInt()) : "any";
    }

    private String whyNone() {
        synchronized (lease) {
            return lease.heldSlots() >= slots
                    ? "no slot is free: other nodes hold all " + slots + " of them. Stop a node, or raise"
                            + " parley.deliveries.slots at the engine and start it again"
                    : "no slot could be taken: Kafka took no note about it in time";
        }
    }

    /** The node that this process is while it holds the lease. */
    public Node node() {
        return taken.join();
    }

    /** Whether this process may act as that node now. Once false, it stays false. Called on any thread. */
    public boolean isHeld() {
        synchronized (lease) {
            return !closed && lease.isHeld(System.nanoTime());
        }
    }

    /**
     * Says what happens when the lease is lost. Called once.
     *
     * @param elsewhere whether Kafka answers this process for other topics
     * @param told why it is lost; not called when it ends with {@link #close}
     */
    public void watch(BooleanSupplier elsewhere, Consumer<String> told) {
        this.elsewhere = elsewhere;
        var unused = lost.thenAccept(told);
    }

    private void run() {
        consumer.assign(List.of(NOTES));
        consumer.seekToBeginning(List.of(NOTES));
        while (!closed) {
            try {
                readOn();
            } catch (WakeupException | InterruptException stopping) {
                // The loop's condition tells.
            } catch (KafkaException e) {
                LOG.warn("notes about slots cannot be read reason={}", String.valueOf(e.getMessage()));
                pause();
            } catch (RuntimeException e) {
                LOG.error("the lease cannot be kept", e);
                taken.completeExceptionally(e);
                lost.complete("the lease cannot be kept: " + e);
                return;
            }
            synchronized (lease) {
                lease.tick(System.nanoTime());
                lease.node().ifPresent(taken::complete);
            }
            tellLost();
        }
    }

    /** Outside of the lock: whoever is told may ask something. */
    private void tellLost() {
        Optional<String> why;
        synchronized (lease) {
            why = lease.lost();
        }
        if (!closed) {
            why.ifPresent(lost::complete);
        }
    }

    private void readOn() {
        if (end == Long.MAX_VALUE) {
            Long found = consumer.endOffsets(List.of(NOTES)).get(NOTES);
            end = found == null ? 0 : found;
        }
        boolean holds = taken.isDone();
        var records = consumer.poll(holds ? HOLDING_POLL : SEEKING_POLL);
        synchronized (lease) {
            for (ConsumerRecord<String, byte[]> record : records) {
                SlotNote note = note(record);
                if (note != null) {
                    lease.read(record.offset(), record.timestamp(), note, System.nanoTime());
                }
            }
            if (!holds && consumer.position(NOTES) >= end) {
                lease.caughtUp();
            }
        }
    }

    private static @Nullable SlotNote note(ConsumerRecord<String, byte[]> record) {
        try {
            return record.value() == null ? null : SlotNote.parseFrom(record.value());
        } catch (InvalidProtocolBufferException e) {
            LOG.error("a note about a slot cannot be read offset={}", record.offset(), e);
            return null;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where notes go. */
    private final class Notes implements SlotLog {
        @Override
        public void append(SlotNote note, Consumer<Boolean> done) {
            try {
                var unused = producer.send(
                        new ProducerRecord<>(LogTopics.NODES, 0, String.valueOf(note.getSlot()), note.toByteArray()),
                        (metadata, failure) -> done.accept(failure == null));
            } catch (KafkaException | IllegalStateException e) {
                done.accept(false);
            }
        }

        @Override
        public boolean answersElsewhere() {
            return elsewhere.getAsBoolean();
        }
    }

    /** Ends the lease; may be called again. Another node may take the slot at once. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        consumer.wakeup();
        try {
            thread.join(CLOSE_LIMIT.toMillis() * 2);
            synchronized (lease) {
                lease.release();
            }
            producer.close(CLOSE_LIMIT);
            if (!thread.isAlive()) {
                consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            producer.close(Duration.ZERO);
        }
    }
}
