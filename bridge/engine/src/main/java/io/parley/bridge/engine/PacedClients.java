package io.parley.bridge.engine;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Kafka Streams' clients, whose consumers wait shortly for records while a transaction may be open, and long when there is nothing to do. Streams itself has one time
 * to wait, and looks only between polls whether it has to commit: with a time that is short enough for that, an idle engine would look a hundred times a second.
 */
final class PacedClients implements KafkaClientSupplier {
    /** Commit intervals after the last records in which a transaction may be open: one, and as many again as a stalled machine may need. */
    private static final int OPEN_INTERVALS = 10;

    private final Duration commitInterval;

    PacedClients(Duration commitInterval) {
        this.commitInterval = commitInterval;
    }

    @Override
    public Admin getAdmin(Map<String, Object> settings) {
        return Admin.create(settings);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> settings) {
        return new PacedConsumer(settings);
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> settings) {
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> settings) {
        return getRestoreConsumer(settings);
    }

    /** Used by one thread. */
    private final class PacedConsumer extends KafkaConsumer<byte[], byte[]> {
        private final long openNanos =
                commitInterval.multipliedBy(OPEN_INTERVALS).toNanos();
        private long recordsNanos = System.nanoTime();

        PacedConsumer(Map<String, Object> settings) {
            super(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            boolean isOpen = System.nanoTime() - recordsNanos < openNanos;
            boolean isShort = isOpen && timeout.compareTo(commitInterval) > 0;
            ConsumerRecords<byte[], byte[]> records = super.poll(isShort ? commitInterval : timeout);
            if (!records.isEmpty()) {
                recordsNanos = System.nanoTime();
            }
            return records;
        }
    }
}
