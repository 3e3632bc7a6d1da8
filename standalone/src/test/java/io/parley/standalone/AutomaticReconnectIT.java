package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClientState;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A client library that reconnects by itself. */
@WithPlatform
class AutomaticReconnectIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long EXPIRY_SECONDS = 3600;
    private static final UserId BOB = UserId.parse("again-bob");
    private static final ConversationId CONVERSATION = ConversationId.direct(UserId.parse("again-alice"), BOB);

    private final Platform platform;

    AutomaticReconnectIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void a_client_that_lost_its_connection_misses_nothing() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        try (CuttableLink link = CuttableLink.to(platform.addresses().mqtt());
                HiveDevice alice = HiveDevice.connect(platform, "again-alice/phone")) {
            Mqtt5BlockingClient bob = client(link.port(), received);
            Mqtt5ConnAck connAck = bob.connectWith()
                    .cleanStart(false)
                    .sessionExpiryInterval(EXPIRY_SECONDS)
                    .send();
            assertThat(connAck.getSessionExpiryInterval())
                    .as("as it was asked for")
                    .isEmpty();
            assertThat(connAck.isSessionPresent()).isFalse();
            // Paho sends what was under way again with the alias of the lost connection: nobody is granted one.
            assertThat(connAck.getRestrictions().getTopicAliasMaximum()).isZero();
            bob.subscribeWith()
                    .topicFilter("chat/" + CONVERSATION + "/msg")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
            send(alice, 1, 10);
            await().atMost(LIMIT).until(() -> received.size() == 10);

            link.cut();
            await().atMost(LIMIT).until(() -> bob.getState() != MqttClientState.CONNECTED);
            send(alice, 11, 20);
            link.mend();

            await().atMost(LIMIT).until(() -> received.contains("20"));
            assertThat(received.stream().distinct())
                    .containsExactlyElementsOf(texts(1, 20).toList());
            bob.disconnect();
        }
    }

    private Mqtt5BlockingClient client(int port, List<String> received) {
        Mqtt5BlockingClient client = Login.of(platform, BOB, "phone")
                .hiveMq()
                .serverPort(port)
                .automaticReconnect()
                .initialDelay(100, TimeUnit.MILLISECONDS)
                .maxDelay(500, TimeUnit.MILLISECONDS)
                .applyAutomaticReconnect()
                .buildBlocking();
        client.toAsync().publishes(MqttGlobalPublishFilter.ALL, message -> {
            String json = new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8);
            received.add(json.replaceAll(".*\"text\":\"(\\d+)\".*", "$1"));
        });
        return client;
    }

    private static void send(HiveDevice alice, int first, int last) throws Exception {
        for (String text : texts(first, last).toList()) {
            alice.send(CONVERSATION, "m" + text, text);
        }
    }

    private static Stream<String> texts(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(String::valueOf);
    }
}
