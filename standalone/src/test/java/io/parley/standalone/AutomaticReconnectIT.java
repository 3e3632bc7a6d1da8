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
import io.parley.protocol.wire.ChatEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
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
            assertThat(connAck.getSessionExpiryInterval()).hasValue(EXPIRY_SECONDS);
            assertThat(connAck.isSessionPresent()).isFalse();
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

    /** Paho sends what was not acknowledged again as it was, with its topic alias if it had one. */
    @Test
    void paho_sends_again_what_was_under_way_when_its_connection_was_lost() throws Exception {
        ConversationId conversation = ConversationId.direct(UserId.parse("again-carol"), UserId.parse("again-dave"));
        String topic = "chat/" + conversation + "/msg";
        try (CuttableLink link = CuttableLink.to(platform.addresses().mqtt());
                HiveDevice dave = HiveDevice.connect(platform, "again-dave/phone")) {
            dave.subscribe(conversation);
            Login direct = Login.of(platform, UserId.parse("again-carol"), "phone");
            Login login = new Login(link.port(), direct.clientId(), direct.userName(), direct.password());
            MqttAsyncClient carol = new MqttAsyncClient(login.uri(), login.clientId(), new MemoryPersistence());
            MqttConnectionOptions options = PahoV5Client.options(login);
            options.setCleanStart(false);
            options.setSessionExpiryInterval(EXPIRY_SECONDS);
            options.setAutomaticReconnect(true);
            options.setAutomaticReconnectDelay(1, 1);
            carol.connect(options).waitForCompletion(LIMIT.toMillis());
            for (String text : texts(1, 10).toList()) {
                carol.publish(topic, body(text), 1, false);
            }
            await().atMost(LIMIT).until(() -> dave.count() == 10);
            for (String text : texts(11, 60).toList()) {
                carol.publish(topic, body(text), 1, false);
            }
            link.cut();
            assertThat(carol.getPendingTokens()).as("under way").isNotEmpty();
            link.mend();

            await().atMost(LIMIT).until(() -> dave.count() == 60);
            await().atMost(LIMIT).until(() -> carol.getPendingTokens().length == 0);
            assertThat(dave.events())
                    .extracting(ChatEvent::getText)
                    .containsExactlyInAnyOrderElementsOf(texts(1, 60).toList());
            carol.disconnect().waitForCompletion(LIMIT.toMillis());
            carol.close();
        }
    }

    private static byte[] body(String text) {
        return ("{\"id\":\"p" + text + "\",\"text\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
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
