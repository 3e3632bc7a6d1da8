package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import io.parley.demo.DeviceException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.standalone.ChatClient.Received;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Eve neither speaks nor listens in the conversation of Alice and Bob. */
@WithPlatform
class ForeignConversationIT extends BadInput {
    private static final int NOT_AUTHORIZED = 0x87;

    private final UserId alice = newUser("alice");
    private final UserId bob = newUser("bob");
    private final UserId eve = newUser("eve");

    ForeignConversationIT(Platform platform) {
        super(platform);
    }

    @Test
    void a_message_to_a_foreign_conversation_is_refused() throws Exception {
        UserId one = newUser("one");
        UserId other = newUser("other");
        try (HiveMqClient five = new HiveMqClient(Login.of(platform, eve, "five"));
                PahoV3Client three = new PahoV3Client(Login.of(platform, eve, "three"))) {
            Mqtt5PubAckException refused = catchThrowableOfType(
                    Mqtt5PubAckException.class, () -> five.publish(topic(one, other), "let me in"));
            assertThat(refused.getMqttMessage().getReasonCode().getCode()).isEqualTo(NOT_AUTHORIZED);
            assertThat(five.isConnected()).isTrue();

            assertThatThrownBy(() -> three.publish(topic(one, other), "let me in"))
                    .isInstanceOf(MqttException.class);
            assertThat(three.isConnected()).isFalse();
        }
        assertNothingElseIsStored(one, other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat/PAIR/msg",
                "chat/PAIR/#",
                "chat/PAIR/receipt",
                "user/ALICE/reply",
                "user/ALICE/#",
                "#",
                "+/+/msg"
            })
    void a_subscription_to_what_is_foreign_is_refused(String pattern) {
        String filter = pattern.replace(
                        "PAIR", ConversationId.direct(alice, bob).value())
                .replace("ALICE", alice.value());
        try (HiveMqClient client = new HiveMqClient(Login.of(platform, eve, "it"))) {
            Mqtt5SubAckException refused =
                    catchThrowableOfType(Mqtt5SubAckException.class, () -> client.subscribe(filter));

            assertThat(refused.getMqttMessage().getReasonCodes())
                    .extracting(code -> code.getCode())
                    .containsExactly(NOT_AUTHORIZED);
            assertThat(client.isConnected()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat/+/msg", "chat/#", "chat/+/#"})
    void a_wildcard_brings_only_ones_own_conversations(String filter) throws Exception {
        try (ChatClient atAlice = new PahoV5Client(Login.of(platform, alice, "it"));
                ChatClient atBob = new PahoV3Client(Login.of(platform, bob, "it"));
                ChatClient atEve = new HiveMqClient(Login.of(platform, eve, "it"))) {
            atBob.subscribe(topic(alice, bob));
            atEve.subscribe(filter);

            atAlice.publish(topic(alice, bob), "not for eve");
            await().atMost(LIMIT).until(() -> !atBob.received().isEmpty());
            atAlice.publish(topic(alice, eve), "for eve");
            await().atMost(LIMIT)
                    .until(() -> atEve.received().stream()
                            .anyMatch(message -> message.topic().equals(topic(alice, eve))));

            String own = "chat/" + ConversationId.direct(alice, eve) + "/";
            assertThat(atEve.received()).extracting(Received::topic).allMatch(topic -> topic.startsWith(own));
        }
    }

    @Test
    void the_history_of_a_foreign_conversation_is_refused() {
        assertThatThrownBy(() -> historyOf(eve).all(ConversationId.direct(alice, bob)))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("403");
    }
}
