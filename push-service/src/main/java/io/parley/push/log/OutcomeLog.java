package io.parley.push.log;

import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.DeadLetter;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.TokenGone;
import io.parley.push.sending.Delivery;
import io.parley.push.sending.LogPosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes what others have to know of a delivery's end. */
public final class OutcomeLog implements AutoCloseable {
    private static final int BUFFER_BYTES = 4 << 20;

    private final Producer<String, byte[]> producer;

    OutcomeLog(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    /** @param kafka how it is reached */
    public static OutcomeLog open(KafkaClient kafka) {
        Map<String, Object> settings = new HashMap<>(kafka.properties());
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "parley-push");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) BUFFER_BYTES);
        return new OutcomeLog(new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer()));
    }

    /** @param done gets what failed, or null; called by any thread */
    void tokenGone(Delivery delivery, long asOfMillis, Consumer<@Nullable Exception> done) {
        TokenGone gone = TokenGone.newBuilder()
                .setPlatform(delivery.token().getPlatform())
                .setToken(delivery.token().getToken())
                .setProvider(delivery.token().getProvider())
                .setAsOfMillis(asOfMillis)
                .build();
        append(
                LogTopics.USER_COMMANDS,
                delivery.notification().getUser(),
                UserCommand.newBuilder().setTokenGone(gone).build().toByteArray(),
                done);
    }

    /** The letter has neither the token nor what was to be shown. */
    void failed(Delivery delivery, String reason, Consumer<@Nullable Exception> done) {
        DeadLetter letter = letter(
                        delivery.position(), delivery.notification().getSerializedSize(), reason(delivery, reason))
                .setCommand(delivery.notification().getKindCase().name().toLowerCase(Locale.ROOT))
                .build();
        append(LogTopics.DEAD_LETTERS, delivery.notification().getUser(), letter.toByteArray(), done);
    }

    void unreadable(String key, LogPosition position, int bytes, Consumer<@Nullable Exception> done) {
        append(
                LogTopics.DEAD_LETTERS,
                key,
                letter(position, bytes, "not a notification").build().toByteArray(),
                done);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }

    private static String reason(Delivery delivery, String reason) {
        return "push to " + delivery.token().getPlatform() + ": " + reason;
    }

    private static DeadLetter.Builder letter(LogPosition position, int bytes, String reason) {
        return DeadLetter.newBuilder()
                .setTopic(LogTopics.NOTIFICATIONS)
                .setPartition(position.partition())
                .setOffset(position.offset())
                .setReason(reason)
                .setRecordBytes(bytes);
    }

    private void append(String topic, String key, byte[] value, Consumer<@Nullable Exception> done) {
        var unused =
                producer.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> done.accept(failure));
    }
}
