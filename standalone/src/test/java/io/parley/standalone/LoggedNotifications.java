package io.parley.standalone;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.protocol.push.Notification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The notifications of the log from now on. They are read as they come: the log keeps them only until the push service has read them. */
final class LoggedNotifications implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<Notification> came = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> reading;
    private volatile boolean closed;

    LoggedNotifications(Platform platform) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        platform.addresses().kafka(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = consumer.partitionsFor(LogTopics.NOTIFICATIONS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
        reading = CompletableFuture.runAsync(this::read);
    }

    private void read() {
        while (!closed) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                // One without a value only begins a new file.
                if (record.value() != null) {
                    came.add(parsed(record.value()));
                }
            }
        }
    }

    private static Notification parsed(byte[] value) {
        try {
            return Notification.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All of a user that came so far. */
    List<Notification> of(UserId user) {
        return came.stream().filter(one -> one.getUser().equals(user.value())).toList();
    }

    @Override
    public void close() {
        closed = true;
        reading.join();
        consumer.close();
    }
}
