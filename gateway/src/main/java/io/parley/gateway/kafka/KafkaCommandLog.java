package io.parley.gateway.kafka;

import io.parley.gateway.CommandLog;
import io.parley.protocol.ConversationId;
import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.UserCommand;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The commands' topics in Kafka. A thread of its own calls the producer, because {@code send} may block while Kafka is out. */
public final class KafkaCommandLog implements CommandLog, AutoCloseable {
    /** As much as the producer itself holds. */
    private static final long MAX_WAITING_BYTES = 32L << 20;
    /** Kafka's price is per request: what comes within this time travels together. */
    private static final int LINGER_MILLIS = 5;

    /** How long a command waits for the log: as long as a connection waits with what it published. */
    private static final int PATIENCE_MILLIS = 30_000;

    private final KafkaProducer<String, byte[]> producer;
    private final Sender sender = new Sender(MAX_WAITING_BYTES);
    private final Unanswered unanswered = new Unanswered(System::nanoTime);

    /** @param kafka how it is reached */
    public KafkaCommandLog(KafkaClient kafka) {
        producer = new KafkaProducer<>(
                kafka.with(Map.of(
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        LINGER_MILLIS,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        PATIENCE_MILLIS,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        3000,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        PATIENCE_MILLIS,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        32L << 20)),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @Override
    public void append(ConversationId conversation, ConversationCommand command, Consumer<@Nullable Exception> done) {
        append(new ProducerRecord<>(LogTopics.COMMANDS, conversation.value(), command.toByteArray()), done);
    }

    @Override
    public void append(UserId user, UserCommand command, Consumer<@Nullable Exception> done) {
        append(new ProducerRecord<>(LogTopics.USER_COMMANDS, user.value(), command.toByteArray()), done);
    }

    @Override
    public void appendToAllUsers(UserCommand command, IntConsumer taken) {
        append(
                command.getSerializedSize(),
                () -> {
                    for (PartitionInfo partition : producer.partitionsFor(LogTopics.USER_COMMANDS)) {
                        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                                LogTopics.USER_COMMANDS,
                                partition.partition(),
                                LogTopics.ALL_USERS,
                                command.toByteArray());
                        var unused = producer.send(record, (metadata, failure) -> {
                            if (failure == null) {
                                taken.accept(partition.partition());
                            }
                        });
                    }
                },
                failure -> {});
    }

    /** For how long Kafka has not answered; zero while nothing waits for it. */
    public Duration silence() {
        return unanswered.silence();
    }

    private void append(ProducerRecord<String, byte[]> record, Consumer<@Nullable Exception> done) {
        Consumer<@Nullable Exception> counted = failure -> {
            if (failure == null) {
                unanswered.answered();
            } else {
                unanswered.failed();
            }
            done.accept(failure);
        };
        if (record.value().length > RecordLimit.MAX_BYTES) {
            // Kafka would refuse it, each time.
            done.accept(new RecordTooLargeException(
                    "a command of " + record.value().length + " bytes is above the limit of " + RecordLimit.MAX_BYTES));
            return;
        }
        unanswered.asked();
        append(
                record.value().length,
                () -> {
                    var unused = producer.send(record, (metadata, failure) -> counted.accept(failure));
                },
                counted);
    }

    private void append(int bytes, Runnable sending, Consumer<@Nullable Exception> done) {
        try {
            sender.execute(bytes, () -> send(sending, done));
        } catch (RejectedExecutionException tooManyWaiting) {
            done.accept(tooManyWaiting);
        }
    }

    private static void send(Runnable sending, Consumer<@Nullable Exception> done) {
        try {
            sending.run();
        } catch (KafkaException | IllegalStateException e) {
            done.accept(e);
        }
    }

    @Override
    public void close() {
        sender.close();
        producer.close(Duration.ofSeconds(5));
    }
}
