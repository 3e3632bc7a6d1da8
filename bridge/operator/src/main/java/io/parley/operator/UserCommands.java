package io.parley.operator;

import io.parley.protocol.KafkaClient;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.protocol.log.UserCommand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What an operator tells the machines of users. */
final class UserCommands {
    private UserCommands() {}

    /** Tells each of them the same; returns when all of it is in the log. */
    static void send(KafkaClient kafka, Collection<UserId> users, UserCommand command)
            throws ExecutionException, InterruptedException {
        byte[] bytes = command.toByteArray();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                kafka.with(Map.of(ProducerConfig.ACKS_CONFIG, "all")),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (UserId user : users) {
                sent.add(producer.send(new ProducerRecord<>(LogTopics.USER_COMMANDS, user.value(), bytes)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }
}
