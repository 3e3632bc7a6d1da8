package io.parley.standalone;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.UserCommand;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The commands of the log from now on, by their kinds: what the engine has to handle. Those of a node for itself do not count. */
final class LoggedCommands implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;

    LoggedCommands(Platform platform) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        platform.addresses().kafka(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        var all = Stream.of(LogTopics.COMMANDS, LogTopics.USER_COMMANDS)
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
    }

    /** Adds those of a user's machine, and those of conversations that are named after the user, until there is none for a second. */
    void addTo(Map<String, Integer> counts, UserId user) throws InvalidProtocolBufferException {
        boolean some = true;
        while (some) {
            some = false;
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                String kind = kind(record, user);
                if (!kind.isEmpty()) {
                    counts.merge(kind, 1, Integer::sum);
                    some = true;
                }
            }
        }
    }

    private static String kind(ConsumerRecord<String, byte[]> record, UserId user)
            throws InvalidProtocolBufferException {
        if (record.topic().equals(LogTopics.USER_COMMANDS)) {
            return record.key().equals(user.value())
                    ? UserCommand.parseFrom(record.value()).getCommandCase().name()
                    : "";
        }
        return record.key().contains(user.value())
                ? ConversationCommand.parseFrom(record.value()).getCommandCase().name()
                : "";
    }

    @Override
    public void close() {
        consumer.close();
    }
}
