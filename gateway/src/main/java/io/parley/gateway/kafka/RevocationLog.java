package io.parley.gateway.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.protocol.log.TokensRevoked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
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

/**
 * Whose tokens were revoked, read from the log on a thread of its own: all of it at the start, then what comes. It holds some 150 bytes for each user whose
 * tokens were revoked within the longest life of a token. While Kafka is out it tells what it knew before.
 */
public final class RevocationLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationLog.class);
    private static final TopicPartition TOPIC = new TopicPartition(LogTopics.REVOCATIONS, 0);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(10);
    private static final long PAUSE_MILLIS = 1_000;

    private final KafkaConsumer<String, byte[]> consumer;
    private final Duration longestLife;
    private final Thread thread = new Thread(this::run, "revocations");
    private final Map<String, Instant> notBefore = new ConcurrentHashMap<>();
    private Instant swept = Instant.now();
    private volatile boolean known;
    private volatile boolean closed;

    /** @param longestLife of a token: what was revoked before that is forgotten */
    public RevocationLog(KafkaClient kafka, Duration longestLife) {
        this.longestLife = longestLife;
        this.consumer = new KafkaConsumer<>(
                kafka.with(Map.of(
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        // The engine makes the topic.
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest")),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Since when tokens of the user are good.
     *
     * @return tokens issued then or earlier are void; {@link Instant#MAX} until the log was read for the first time
     */
    public Instant notBefore(UserId user) {
        return known ? notBefore.getOrDefault(user.value(), Instant.MIN) : Instant.MAX;
    }

    private void run() {
        consumer.assign(List.of(TOPIC));
        consumer.seekToBeginning(List.of(TOPIC));
        long end = -1;
        while (!closed) {
            try {
                if (end < 0) {
                    end = Objects.requireNonNull(
                            consumer.endOffsets(List.of(TOPIC)).get(TOPIC));
                }
                for (ConsumerRecord<String, byte[]> record : consumer.poll(known ? POLL : Duration.ZERO)) {
                    read(record);
                }
                if (!known && consumer.position(TOPIC) >= end) {
                    known = true;
                    LOG.info("it is known which tokens were revoked users={}", notBefore.size());
                }
                sweep(Instant.now());
            } catch (WakeupException | InterruptException stopping) {
                // The loop's condition tells.
            } catch (KafkaException e) {
                LOG.warn("revocations of tokens cannot be read reason={}", String.valueOf(e.getMessage()));
                pause();
            }
        }
        consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null || record.key() == null) {
            return;
        }
        try {
            Instant time =
                    Instant.ofEpochMilli(TokensRevoked.parseFrom(record.value()).getNotBeforeMillis());
            notBefore.merge(record.key(), time, (one, other) -> one.isAfter(other) ? one : other);
        } catch (InvalidProtocolBufferException e) {
            LOG.error("a revocation of tokens cannot be read offset={}", record.offset(), e);
        }
    }

    /** Tokens that were issued before have expired. */
    private void sweep(Instant now) {
        if (now.isAfter(swept.plus(BETWEEN_SWEEPS))) {
            swept = now;
            notBefore.values().removeIf(time -> time.plus(longestLife).isBefore(now));
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
