package io.parley.standalone;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.protocol.push.Notification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The notifications of the log from now on. */
final class LoggedNotifications implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<Notification> came = new ArrayList<>();

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
    }

    /** All of a user that came so far. */
    List<Notification> of(UserId user) throws InvalidProtocolBufferException {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(50))) {
            // One without a value only begins a new file.
            if (record.value() != null) {
                came.add(Notification.parseFrom(record.value()));
            }
        }
        return came.stream().filter(one -> one.getUser().equals(user.value())).toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
