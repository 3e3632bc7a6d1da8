package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.protocol.SlotTable;
import io.parley.protocol.log.SlotNote;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads who holds which slot, on a thread of its own. What it tells may be late, and is never wrong: a life that has ended does not come back. */
final class SlotReader implements Lives, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlotReader.class);
    private static final TopicPartition NOTES = new TopicPartition(LogTopics.NODES, 0);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 1_000;

    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread = new Thread(this::run, "slots");
    /** Guarded by itself. */
    private final SlotTable table = new SlotTable();

    private volatile boolean closed;

    SlotReader(KafkaClient kafka) {
        consumer = new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        // Few notes a second, of which none is urgent.
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                        1 << 20,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        1000,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest")),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public boolean isOver(int slot, long epoch) {
        synchronized (table) {
            return table.isOver(slot, epoch);
        }
    }

    private void run() {
        consumer.assign(List.of(NOTES));
        consumer.seekToBeginning(List.of(NOTES));
        while (!closed) {
            try {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    read(record);
                }
            } catch (WakeupException | InterruptException stopping) {
                // The loop's condition tells.
            } catch (KafkaException e) {
                LOG.warn("notes about slots cannot be read reason={}", String.valueOf(e.getMessage()));
                pause();
            }
        }
        consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            SlotNote note = SlotNote.parseFrom(record.value());
            synchronized (table) {
                table.read(record.offset(), record.timestamp(), note);
            }
        } catch (InvalidProtocolBufferException e) {
            LOG.error("a note about a slot cannot be read offset={}", record.offset(), e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(CLOSE_LIMIT.toMillis() * 2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
