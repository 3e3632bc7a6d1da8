package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.UserCommand;
import io.parley.standalone.SessionClient.Opening;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** A user with so many conversations of long names that a list of them is larger than a record of the log may be. */
@WithPlatform
class ManyConversationsIT extends SessionChecks {
    private static final int CONVERSATIONS = 16_000;
    private static final int NAME_LENGTH = 64;
    private static final Duration BACK = Duration.ofSeconds(90);

    ManyConversationsIT(Platform platform) {
        super(platform);
    }

    @Test
    void a_wildcard_over_all_of_them_is_granted_and_stops_nobody() throws Exception {
        UserId bot = newUser("bot");
        UserId alice = newUser("alice");
        join(bot);

        try (SessionClient client = SessionClient.connect(Login.of(platform(), bot, "bot"), Opening.v5(true, 600))) {
            client.subscribe("chat/+/msg");
            say(alice, topic(alice, bot), List.of("to-the-bot"));
            client.acknowledge(client.awaitMessage("to-the-bot"));
        }

        platform().kill(RoleName.ENGINE);
        platform().awaitReady(RoleName.ENGINE, BACK);
        try (SessionClient client = SessionClient.connect(Login.of(platform(), bot, "bot"), Opening.v5(false, 600))) {
            assertThat(client.sessionPresent()).isTrue();
            say(alice, topic(alice, bot), List.of("again"));
            client.awaitMessage("again");
        }
    }

    /** As if each had written to the user once: through the log, which takes seconds instead of a minute. */
    private void join(UserId user) {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                Addresses.HOST + ":" + platform().addresses().of(Port.KAFKA),
                ProducerConfig.ACKS_CONFIG,
                "all");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < CONVERSATIONS; i++) {
                String other = "x%07d".formatted(i);
                UserId writer = UserId.parse(other + "z".repeat(NAME_LENGTH - other.length()));
                UserCommand joined = UserCommand.newBuilder()
                        .setJoinedConversation(JoinedConversation.newBuilder()
                                .setConversation(
                                        ConversationId.direct(user, writer).value())
                                .setSeq(1))
                        .build();
                var unused = producer.send(
                        new ProducerRecord<>(LogTopics.USER_COMMANDS, user.value(), joined.toByteArray()));
            }
            producer.flush();
        }
    }
}
