package io.parley.archiver;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.parley.protocol.BuriedRecords;
import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogPlace;
import io.parley.protocol.LogTopics;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.BuriedRecord;
import io.parley.protocol.log.DeadLetter;
import io.parley.protocol.log.DeadLetterKind;
import io.parley.storage.LoggedEvent;
import io.parley.storage.RefusedRow;
import io.parley.storage.RefusedRows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Buries what history cannot hold, where the engine buries commands: a dead letter without texts, kept for long, and the record's bytes, kept for hours. After
 * a crash the same may be buried again.
 */
final class DeadLetters implements RefusedRows, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int MAX_REASON = 200;
    /** No key of ours is longer. */
    private static final int MAX_KEY = 256;

    private final Producer<String, byte[]> producer;
    private final MeterRegistry registry;

    /**
     * @param kafka how it is reached
     * @param registry gets {@code parley.history.dead.letters}
     */
    DeadLetters(KafkaClient kafka, MeterRegistry registry) {
        this(
                new KafkaProducer<>(
                        kafka.with(Map.of(
                                ProducerConfig.ACKS_CONFIG,
                                "all",
                                // Whoever buries is a thread of the driver: it must not wait for long.
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                5000,
                                ProducerConfig.CLIENT_ID_CONFIG,
                                LogTopics.ARCHIVE_READER + "-dead-letters")),
                        new StringSerializer(),
                        new ByteArraySerializer()),
                registry);
    }

    DeadLetters(Producer<String, byte[]> producer, MeterRegistry registry) {
        this.producer = producer;
        this.registry = registry;
    }

    /** A row that Cassandra refuses for good; statements have no values in them. */
    @Override
    public CompletionStage<?> bury(RefusedRow row) {
        DeadLetter.Builder letter = DeadLetter.newBuilder()
                .setKind(DeadLetterKind.ROW_REFUSED)
                .setRecordBytes(row.bytes())
                .setReason(shortened(row.reason(), MAX_REASON))
                .addFields(row.statement());
        LoggedEvent event = row.event();
        return event == null
                ? bury(row.key(), letter, null, new byte[0])
                : bury(row.key(), letter, event.place(), event.event().payload(WireFormat.PROTO));
    }

    /** A record that is not what its topic has. */
    CompletionStage<?> unreadable(ConsumerRecord<byte[], byte[]> record, Exception failure) {
        String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
        return bury(
                shortened(key, MAX_KEY),
                letter(DeadLetterKind.RECORD_UNREADABLE, failure).setRecordBytes(record.value().length),
                new LogPlace(record.topic(), record.partition(), record.offset()),
                record.value());
    }

    /** A record that cannot be written because of a defect. */
    CompletionStage<?> defective(Item item, Throwable failure) {
        boolean damaged = failure.getCause() instanceof InvalidProtocolBufferException;
        LoggedEvent event = item.event();
        byte[] bytes = event == null ? new byte[0] : event.event().payload(WireFormat.PROTO);
        return bury(
                item.conversation().value(),
                letter(damaged ? DeadLetterKind.ROW_UNREADABLE : DeadLetterKind.RULE_FAILED, failure)
                        .setRecordBytes(bytes.length),
                item.place(),
                bytes);
    }

    /** The messages of exceptions may have texts. */
    private static DeadLetter.Builder letter(DeadLetterKind kind, Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        return DeadLetter.newBuilder()
                .setKind(kind)
                .setReason(failure.getClass().getSimpleName())
                .setFailure(failure.getClass().getName())
                .setThrownAt(stack.length == 0 ? "" : stack[0].toString());
    }

    private CompletionStage<?> bury(String key, DeadLetter.Builder letter, @Nullable LogPlace place, byte[] record) {
        if (place != null) {
            letter.setTopic(place.topic()).setPartition(place.partition()).setOffset(place.offset());
        }
        LOG.warn(
                "buried kind={} key={} topic={} partition={} offset={} bytes={} failure={} at={} reason={} for={}",
                letter.getKind(),
                key,
                letter.getTopic(),
                letter.getPartition(),
                letter.getOffset(),
                letter.getRecordBytes(),
                letter.getFailure(),
                letter.getThrownAt(),
                letter.getReason(),
                letter.getFieldsList());
        Counter.builder("parley.history.dead.letters")
                .description("Records and rows that history could not hold")
                .tag("kind", letter.getKind().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        sent.add(send(LogTopics.DEAD_LETTERS, key, letter.build()));
        if (place != null) {
            for (BuriedRecord part : BuriedRecords.parts(place.topic(), place.partition(), place.offset(), record)) {
                sent.add(send(LogTopics.BURIED_RECORDS, key, part));
            }
        }
        return CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0]));
    }

    private CompletableFuture<Void> send(String topic, String key, Message value) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        var unused = producer.send(new ProducerRecord<>(topic, key, value.toByteArray()), (metadata, failure) -> {
            if (failure == null) {
                sent.complete(null);
            } else {
                sent.completeExceptionally(failure);
            }
        });
        return sent;
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
