package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import io.parley.identity.TopicClaims;
import io.parley.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ordinary MQTT beside the chat, with clients that nobody here wrote. */
@WithPlatform
class OrdinaryTopicsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Platform platform;
    private final String plant = "telemetry/" + UUID.randomUUID();
    private final TopicClaims all = new TopicClaims(List.of(plant + "/#"), List.of(plant + "/#"));
    private final List<Mqtt5BlockingClient> open = new ArrayList<>();
    private final List<String> received = new CopyOnWriteArrayList<>();

    OrdinaryTopicsIT(Platform platform) {
        this.platform = platform;
    }

    @AfterEach
    void disconnect() {
        open.stream().filter(client -> client.getState().isConnected()).forEach(Mqtt5BlockingClient::disconnect);
    }

    @Test
    void one_connection_has_telemetry_and_the_chat_in_one_subscribe() {
        UserId alice = user("alice");
        UserId bob = user("bob");
        Mqtt5BlockingClient phone = connect(alice, "phone", all);
        Mqtt5BlockingClient gate = connect(bob, "gate", all);

        Mqtt5SubAckException answered = catchThrowableOfType(
                Mqtt5SubAckException.class,
                () -> phone.subscribeWith()
                        .addSubscription()
                        .topicFilter("chat/@" + bob + "/msg")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .applySubscription()
                        .addSubscription()
                        .topicFilter("telemetry/elsewhere/#")
                        .applySubscription()
                        .addSubscription()
                        .topicFilter(plant + "/+")
                        .qos(MqttQos.EXACTLY_ONCE)
                        .applySubscription()
                        .send());
        assertThat(answered.getMqttMessage().getReasonCodes())
                .extracting(Mqtt5SubAckReasonCode::getCode)
                .containsExactly(1, 0x87, 2);

        publish(gate, plant + "/temperature", "21", MqttQos.EXACTLY_ONCE, false);
        publish(gate, "chat/@" + alice + "/msg", "hi", MqttQos.AT_LEAST_ONCE, false);
        await().atMost(LIMIT).until(() -> received.size() == 2);
        assertThat(received).anyMatch(line -> line.equals(plant + "/temperature 2 21"));
        assertThat(received).anyMatch(line -> line.contains("\"text\":\"hi\""));

        phone.unsubscribeWith()
                .addTopicFilter(plant + "/+")
                .addTopicFilter("chat/@" + bob + "/msg")
                .send();
        publish(gate, plant + "/temperature", "22", MqttQos.EXACTLY_ONCE, false);
        publish(gate, "chat/@" + alice + "/msg", "more", MqttQos.AT_LEAST_ONCE, false);
        phone.subscribeWith()
                .topicFilter(plant + "/fence")
                .qos(MqttQos.EXACTLY_ONCE)
                .send();
        publish(gate, plant + "/fence", "f", MqttQos.EXACTLY_ONCE, false);
        await().atMost(LIMIT).until(() -> received.contains(plant + "/fence 2 f"));
        assertThat(received).hasSize(3);
    }

    @Test
    void a_retained_message_comes_to_who_subscribes_later_until_it_is_cleared() {
        Mqtt5BlockingClient gate = connect(user("gate"), "gate", all);
        publish(gate, plant + "/state", "closed", MqttQos.AT_LEAST_ONCE, true);

        Mqtt5BlockingClient phone = connect(user("alice"), "phone", all);
        phone.subscribeWith().topicFilter(plant + "/#").send();
        await().atMost(LIMIT).until(() -> received.contains(plant + "/state 1 closed"));

        publish(gate, plant + "/state", "", MqttQos.AT_LEAST_ONCE, true);
        Mqtt5BlockingClient tablet = connect(user("carol"), "tablet", all);
        received.clear();
        tablet.subscribeWith().topicFilter(plant + "/#").send();
        publish(gate, plant + "/fence", "f", MqttQos.AT_LEAST_ONCE, false);
        await().atMost(LIMIT)
                .until(() ->
                        received.stream().filter((plant + "/fence 1 f")::equals).count() == 2);
        assertThat(received).noneMatch(line -> line.contains("closed"));
    }

    @Test
    void a_shared_subscription_gives_each_message_to_one() {
        Mqtt5BlockingClient gate = connect(user("gate"), "gate", all);
        for (String worker : List.of("a", "b")) {
            connect(user(worker), "worker", all)
                    .subscribeWith()
                    .topicFilter("$share/workers/" + plant + "/jobs")
                    .send();
        }
        for (int i = 0; i < 10; i++) {
            publish(gate, plant + "/jobs", "job " + i, MqttQos.AT_LEAST_ONCE, false);
        }
        await().atMost(LIMIT).until(() -> received.size() >= 10);
        assertThat(received).doesNotHaveDuplicates().hasSize(10);
    }

    @Test
    void a_token_without_the_rule_gets_a_refusal_and_keeps_its_connection() {
        TopicClaims narrow = new TopicClaims(List.of(plant + "/+/in"), List.of(plant + "/+/out"));
        Mqtt5BlockingClient device = connect(user("device"), "d", narrow);

        assertThat(refusal(device, plant + "/1/out")).isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
        assertThat(refusal(connect(user("nobody"), "d", TopicClaims.NONE), plant + "/1/in"))
                .isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
        assertThatThrownBy(
                        () -> device.subscribeWith().topicFilter(plant + "/#").send())
                .hasMessageContaining("SUBACK");
        assertThatThrownBy(() -> device.subscribeWith()
                        .topicFilter("$share/g/" + plant + "/1/in")
                        .send())
                .hasMessageContaining("SUBACK");

        device.subscribeWith().topicFilter(plant + "/+/out").send();
        publish(device, plant + "/1/in", "1", MqttQos.EXACTLY_ONCE, false);
        assertThat(device.getState().isConnected()).isTrue();
    }

    @Test
    void a_will_comes_where_the_token_allows_it() throws Exception {
        Mqtt5BlockingClient phone = connect(user("alice"), "phone", all);
        phone.subscribeWith().topicFilter(plant + "/gone").send();
        UserId gate = user("gate");
        Mqtt5BlockingClient leaving = client(gate, "gate", all);
        leaving.connectWith().willPublish(will(plant + "/gone", "bye")).send();
        leaving.disconnectWith()
                .reasonCode(
                        com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode
                                .DISCONNECT_WITH_WILL_MESSAGE)
                .send();
        await().atMost(LIMIT).until(() -> received.contains(plant + "/gone 1 bye"));

        Mqtt5ConnAckException refused = catchThrowableOfType(
                Mqtt5ConnAckException.class,
                () -> client(gate, "other", all)
                        .connectWith()
                        .willPublish(will("telemetry/elsewhere", "bye"))
                        .send());
        assertThat(refused.getMqttMessage().getReasonCode().getCode()).isEqualTo(0x87);
    }

    @Test
    void what_connack_offers_depends_on_the_token() {
        Mqtt5ConnAck with = client(user("alice"), "phone", all).connect();
        assertThat(with.getRestrictions().getMaximumQos()).isEqualTo(MqttQos.EXACTLY_ONCE);
        assertThat(with.getRestrictions().isRetainAvailable()).isTrue();
        assertThat(with.getRestrictions().isSharedSubscriptionAvailable()).isTrue();

        Mqtt5ConnAck without = client(user("bob"), "phone", TopicClaims.NONE).connect();
        assertThat(without.getRestrictions().getMaximumQos()).isEqualTo(MqttQos.AT_LEAST_ONCE);
        assertThat(without.getRestrictions().isRetainAvailable()).isFalse();
        assertThat(without.getRestrictions().isSharedSubscriptionAvailable()).isFalse();
    }

    @Test
    void a_client_without_a_token_has_the_open_topics_and_a_session() throws Exception {
        String topic = "telemetry/open/" + UUID.randomUUID();
        MqttClient reader = anonymous("reader-" + UUID.randomUUID(), false);
        reader.subscribe(topic, 2);
        reader.disconnect();
        MqttClient writer = anonymous("writer-" + UUID.randomUUID(), true);
        writer.publish(topic, "kept".getBytes(StandardCharsets.UTF_8), 2, false);

        List<String> late = new CopyOnWriteArrayList<>();
        reader.setCallback(new PahoMessages(late));
        reader.connect(options(false));
        await().atMost(LIMIT).until(() -> late.contains("kept"));

        int[] granted = {1};
        assertThat(writer.subscribeWithResponse(new String[] {plant}, granted).getGrantedQos())
                .containsExactly(0x80);
        assertThat(writer.subscribeWithResponse(new String[] {"chat/#"}, new int[] {1})
                        .getGrantedQos())
                .containsExactly(0x80);
        assertThatThrownBy(() -> anonymous("alice/phone", true)).isInstanceOf(MqttException.class);
        reader.disconnect();
        writer.disconnect();
    }

    private MqttClient anonymous(String clientId, boolean clean) throws MqttException {
        MqttClient client = new MqttClient(
                "tcp://" + Addresses.HOST + ":" + platform.addresses().mqtt(), clientId, new MemoryPersistence());
        client.connect(options(clean));
        return client;
    }

    private static MqttConnectOptions options(boolean clean) {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(clean);
        return options;
    }

    private record PahoMessages(List<String> texts) implements org.eclipse.paho.client.mqttv3.MqttCallback {
        @Override
        public void connectionLost(Throwable cause) {}

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            texts.add(new String(message.getPayload(), StandardCharsets.UTF_8));
        }

        @Override
        public void deliveryComplete(org.eclipse.paho.client.mqttv3.IMqttDeliveryToken token) {}
    }

    private static UserId user(String name) {
        return UserId.parse(
                "topics-" + name + "-" + UUID.randomUUID().toString().substring(0, 8));
    }

    private static Mqtt5Publish will(String topic, String text) {
        return Mqtt5Publish.builder()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(text.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private static Mqtt5PubAckReasonCode refusal(Mqtt5BlockingClient client, String topic) {
        return catchThrowableOfType(
                        Mqtt5PubAckException.class, () -> publish(client, topic, "x", MqttQos.AT_LEAST_ONCE, false))
                .getMqttMessage()
                .getReasonCode();
    }

    private static void publish(Mqtt5BlockingClient client, String topic, String text, MqttQos qos, boolean retain) {
        client.publishWith()
                .topic(topic)
                .qos(qos)
                .retain(retain)
                .payload(text.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    private Mqtt5BlockingClient connect(UserId user, String device, TopicClaims claims) {
        Mqtt5BlockingClient client = client(user, device, claims);
        client.connect();
        return client;
    }

    private Mqtt5BlockingClient client(UserId user, String device, TopicClaims claims) {
        Login login =
                Login.of(platform, user, device).withPassword(platform.token(user, LIMIT.multipliedBy(6), claims));
        Mqtt5BlockingClient client = login.hiveMq().buildBlocking();
        client.toAsync().publishes(MqttGlobalPublishFilter.ALL, this::note);
        open.add(client);
        return client;
    }

    private void note(Mqtt5Publish publish) {
        received.add(publish.getTopic() + " " + publish.getQos().getCode() + " "
                + new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8));
    }
}
