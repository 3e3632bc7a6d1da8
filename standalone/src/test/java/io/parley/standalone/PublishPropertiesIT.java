package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What MQTT 5 lets a client say beside a payload reaches everybody, or the client is told that it does not. */
@WithPlatform
class PublishPropertiesIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final UserId ANN = UserId.parse("properties-ann");
    private static final UserId BEN = UserId.parse("properties-ben");
    private static final String TOPIC = "chat/" + ConversationId.direct(ANN, BEN) + "/msg";

    private final Platform platform;

    PublishPropertiesIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void user_properties_come_to_an_old_client_too_and_what_is_not_offered_is_refused_and_comes_to_nobody()
            throws Exception {
        Mqtt5BlockingClient ann = Login.of(platform, ANN, "desk").hiveMq().buildBlocking();
        ann.connect();
        try (PahoV3Client ben = new PahoV3Client(Login.of(platform, BEN, "phone"))) {
            ben.subscribe(TOPIC);
            refuses(ann, message("a"), publish -> publish.messageExpiryInterval(60));
            refuses(ann, message("b"), publish -> publish.contentType("image/png"));
            refuses(ann, message("c"), publish -> publish.responseTopic("user/" + ANN + "/reply"));
            refuses(ann, message("d"), publish -> publish.correlationData(new byte[] {1}));
            ann.publish(publish(message("e"))
                    .contentType("application/json")
                    .userProperties(Mqtt5UserProperties.builder()
                            .add("trace", "1")
                            .add("trace", "2")
                            .build())
                    .build());

            await().atMost(LIMIT).until(() -> !ben.received().isEmpty());
            assertThat(ben.received()).hasSize(1);
            assertThat(ben.received().get(0).payload())
                    .contains("\"seq\":1", "\"id\":\"e\"")
                    .contains(
                            "\"properties\":[{\"name\":\"trace\",\"value\":\"1\"},{\"name\":\"trace\",\"value\":\"2\"}]");
        } finally {
            ann.disconnect();
        }
    }

    /** Asks for one thing more. */
    private interface Asking {
        Mqtt5PublishBuilder.Complete ask(Mqtt5PublishBuilder.Complete publish);
    }

    private static void refuses(Mqtt5BlockingClient client, String payload, Asking asking) {
        Mqtt5Publish publish = asking.ask(publish(payload)).build();
        Mqtt5PubAckException refused = catchThrowableOfType(Mqtt5PubAckException.class, () -> client.publish(publish));
        assertThat(refused.getMqttMessage().getReasonCode())
                .isEqualTo(Mqtt5PubAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
        assertThat(refused.getMqttMessage().getReasonString()).isPresent();
    }

    private static Mqtt5PublishBuilder.Complete publish(String payload) {
        return Mqtt5Publish.builder()
                .topic(TOPIC)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(StandardCharsets.UTF_8));
    }

    private static String message(String id) {
        return "{\"id\":\"" + id + "\",\"text\":\"hello\"}";
    }
}
