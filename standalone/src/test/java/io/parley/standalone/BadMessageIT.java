package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Named.named;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import io.parley.protocol.UserId;
import io.parley.standalone.RawMqtt.Answer;
import io.parley.standalone.RawMqtt.PacketType;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Payloads that are no messages, and messages on topics that are none. */
@WithPlatform
class BadMessageIT extends BadInput {
    private static final int PAYLOAD_FORMAT_INVALID = 0x99;
    private static final int MIB = 1 << 20;
    private static final int LARGER_THAN_A_BODY = 130 * 1024;

    private final UserId user = newUser("user");

    BadMessageIT(Platform platform) {
        super(platform);
    }

    static Stream<Named<byte[]>> brokenJson() {
        return Stream.of(
                json("no body", "{\"id\":\"m1\"}"),
                json("a bad id", "{\"id\":\"not an id!\",\"text\":\"hi\"}"),
                json("a list as text", "{\"text\":[\"hi\"]}"),
                json("a number as text", "{\"text\":5}"),
                json("an object as text", "{\"text\":{\"hi\":1}}"),
                json("two bodies", "{\"text\":\"hi\",\"data\":\"aGk=\"}"),
                json("bad base64", "{\"data\":\"***\"}"),
                json("a number too large", "{\"text\":\"hi\",\"replyTo\":99999999999}"),
                json("deeply nested", "{\"a\":".repeat(40_000)),
                json("deeply nested and closed", "{\"a\":".repeat(30_000) + "1" + "}".repeat(30_000)),
                json("deep lists", "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"),
                json("text too large", "{\"text\":\"" + "x".repeat(LARGER_THAN_A_BODY) + "\"}"),
                json("plain text too large", "x".repeat(LARGER_THAN_A_BODY)),
                named("no UTF-8", new byte[] {(byte) 0xC3, 0x28}),
                named("an object that is no UTF-8", new byte[] {'{', (byte) 0xFF, '}'}));
    }

    static Stream<Named<byte[]>> brokenProtobuf() {
        return Stream.of(
                named("cut off", new byte[] {0x0A, 0x7F, 1}),
                named("no such tag", new byte[] {0}),
                named("an endless number", "\u007F".repeat(20).getBytes(StandardCharsets.UTF_8)),
                named("nothing", new byte[0]),
                json("JSON", "{\"text\":\"hi\"}"));
    }

    private static Named<byte[]> json(String name, String text) {
        return named(name, text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("brokenJson")
    void broken_json_is_not_a_message(byte[] payload) throws Exception {
        refuses(payload, Login.of(platform, user, "it"));
    }

    @ParameterizedTest
    @MethodSource("brokenProtobuf")
    void broken_protobuf_is_not_a_message(byte[] payload) throws Exception {
        refuses(payload, Login.of(platform, user, "it").withUserName(user + "?encoding=proto"));
    }

    private void refuses(byte[] payload, Login login) throws Exception {
        UserId peer = newUser("peer");
        try (HiveMqClient five = new HiveMqClient(login);
                PahoV3Client three = new PahoV3Client(login.withClientId(user + "/three"))) {
            Mqtt5PubAckException refused =
                    catchThrowableOfType(Mqtt5PubAckException.class, () -> five.publish(topic(user, peer), payload));
            assertThat(refused.getMqttMessage().getReasonCode().getCode()).isEqualTo(PAYLOAD_FORMAT_INVALID);
            assertThat(five.isConnected()).isTrue();

            assertThatThrownBy(() -> three.publish(topic(user, peer), payload)).isInstanceOf(MqttException.class);
            assertThat(three.isConnected()).isFalse();
        }
        assertNothingElseIsStored(user, peer);
    }

    @Test
    void a_mebibyte_ends_the_connection_of_an_ordinary_client() throws Exception {
        UserId peer = newUser("peer");
        try (PahoV3Client client = new PahoV3Client(Login.of(platform, user, "it"))) {
            assertThatThrownBy(() -> client.publish(topic(user, peer), new byte[MIB]))
                    .isInstanceOf(MqttException.class);
            assertThat(client.isConnected()).isFalse();
        }
        assertNothingElseIsStored(user, peer);
    }

    @ParameterizedTest
    @CsvSource({"4, END, 0", "5, DISCONNECT, 0x95"})
    void a_mebibyte_is_refused_as_soon_as_it_is_announced(int version, PacketType type, String reason)
            throws Exception {
        UserId peer = newUser("peer");
        try (RawMqtt raw = RawMqtt.connect(Login.of(platform, user, "it"), version)) {
            raw.publishBeginning(MIB, topic(user, peer), "x".repeat(1000));

            assertThat(raw.answer()).isEqualTo(new Answer(type, Integer.decode(reason)));
        }
        assertNothingElseIsStored(user, peer);
    }

    @ParameterizedTest
    @CsvSource({
        "4, 4, END, 0", "4, 3, END, 0", "4, 1, END, 0",
        "5, 4, DISCONNECT, 0x9B", "5, 3, DISCONNECT, 0x9A", "5, 1, DISCONNECT, 0x9A"
    })
    void qos_2_and_retained_messages_end_the_connection(int version, int flags, PacketType type, String reason)
            throws Exception {
        UserId peer = newUser("peer");
        try (RawMqtt raw = RawMqtt.connect(Login.of(platform, user, "it"), version)) {
            raw.publish(flags, topic(user, peer).getBytes(StandardCharsets.UTF_8), "hi");

            assertThat(raw.answer()).isEqualTo(new Answer(type, Integer.decode(reason)));
        }
        assertNothingElseIsStored(user, peer);
    }
}
