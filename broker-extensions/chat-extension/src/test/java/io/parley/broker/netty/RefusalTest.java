package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.mqtt.message.disconnect.DISCONNECT;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import io.parley.broker.Unhurried;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits, and how a device hears that something was refused. */
final class RefusalTest {
    private final ClientChannel client = new ClientChannel();

    @Test
    void messages_beyond_the_limit_wait_and_end_the_connection_after_half_a_minute() {
        client.connect(true, Unhurried.limits(2, 1000, 1));
        client.publish(1, "chat/@bob/msg", "one");
        client.publish(2, "chat/@bob/msg", "two");
        client.publish(3, "chat/@bob/msg", "three");
        client.publish(4, "chat/bob~carol/msg", "not mine");
        assertThat(client.reasons()).containsExactly(Mqtt5PubAckReasonCode.SUCCESS, Mqtt5PubAckReasonCode.SUCCESS);
        assertThat(client.channel.config().isAutoRead()).isFalse();
        assertThat(client.channel.isActive()).isTrue();

        client.later(31);

        List<Object> written = client.all();
        assertThat(ClientChannel.of(PUBACK.class, written)).isEmpty();
        assertThat(ClientChannel.of(DISCONNECT.class, written))
                .extracting(DISCONNECT::getReasonCode)
                .containsExactly(Mqtt5DisconnectReasonCode.SERVER_BUSY);
        assertThat(client.messages()).hasSize(2);
    }

    @Test
    void what_is_larger_than_the_limit_is_refused() {
        client.connect(true, Unhurried.limits(3, 20, 1));
        client.publish(1, "chat/@bob/msg", "x".repeat(21));
        client.publish(2, "chat/@bob/msg", "two");

        assertThat(client.reasons())
                .containsExactly(Mqtt5PubAckReasonCode.PAYLOAD_FORMAT_INVALID, Mqtt5PubAckReasonCode.SUCCESS);
    }

    @Test
    void receipts_typing_and_requests_beyond_the_limit_wait_likewise() {
        client.connect(true, Unhurried.limits(1, 1000, 1));
        client.publish(1, "chat/@bob/receipt", "{\"read\":1}");
        client.publish(2, "user/alice/request", "{\"requestId\":\"r1\",\"mute\":{}}");
        client.publish(3, "user/alice/request", "{\"requestId\":\"r2\",\"mute\":{}}");
        client.publish(4, "chat/@bob/typing", "{\"typing\":true}");

        assertThat(client.reasons()).containsExactly(Mqtt5PubAckReasonCode.SUCCESS, Mqtt5PubAckReasonCode.SUCCESS);
        assertThat(client.engine.commands).noneMatch(ConversationCommand::hasTypingNow);
        client.later(31);
        assertThat(client.disconnected()).isEqualTo(Mqtt5DisconnectReasonCode.SERVER_BUSY);
    }

    @Test
    void what_is_refused_at_qos_0_comes_back_as_an_error_at_qos_0() {
        client.connect(true, Unhurried.limits(10, 100, 1));
        client.subscribe("user/alice/reply");
        client.publishUnacknowledged("chat/bob~carol/typing", "{\"typing\":true}");
        client.publishUnacknowledged("chat/@bob/msg", "{\"id\":\"m1\",\"text\":\"one\"}");
        client.publishUnacknowledged("chat/@bob/msg", "{\"id\":\"m2\",\"text\":\"" + "x".repeat(100) + "\"}");
        client.publishUnacknowledged("chat/@bob/msg", "{\"id\":\"m3\",\"text\":3}");
        client.publishUnacknowledged("sensors/1", "21");

        List<Received> errors = client.received();

        assertThat(errors).allMatch(error -> error.topic().equals("user/alice/reply"));
        assertThat(errors).allMatch(error -> error.qos() == 0);
        assertThat(errors)
                .extracting(Received::text)
                .containsExactly(
                        error("NOT_A_MEMBER", "you are not a member of this conversation", "", "bob~carol"),
                        error(
                                "TOO_LARGE",
                                "the payload is larger than a user may publish in ten seconds",
                                ",\"messageId\":\"m2\"",
                                "alice~bob"),
                        error("BAD_REQUEST", "not the JSON of a Publication", ",\"messageId\":\"m3\"", "alice~bob"),
                        "{\"error\":{\"code\":\"NOT_ALLOWED\",\"message\":\"nothing may be published on this topic\"}}");
        assertThat(client.messages()).hasSize(1);
    }

    @Test
    void a_first_message_that_begins_nothing_is_refused_by_its_puback_alone() {
        client.subscribe("user/alice/reply");
        for (ErrorCode code : List.of(ErrorCode.NOT_FOUND, ErrorCode.NOT_ALLOWED, ErrorCode.RATE_LIMITED)) {
            client.engine.refuse(Error.newBuilder().setCode(code).setMessage("because"));
            client.publish(code.getNumber(), "chat/@nobody/msg", "{\"id\":\"m1\",\"text\":\"one\"}");
        }

        List<Object> written = client.all();

        assertThat(ClientChannel.of(PUBACK.class, written))
                .extracting(PUBACK::getReasonCode)
                .containsExactly(
                        Mqtt5PubAckReasonCode.NOT_AUTHORIZED,
                        Mqtt5PubAckReasonCode.NOT_AUTHORIZED,
                        Mqtt5PubAckReasonCode.QUOTA_EXCEEDED);
        assertThat(ClientChannel.of(PUBACK.class, written))
                .extracting(PUBACK::getReasonString)
                .containsExactly("NOT_FOUND: because", "NOT_ALLOWED: because", "RATE_LIMITED: because");
        assertThat(client.received(written)).as("told once").isEmpty();
        assertThat(client.messages()).isEmpty();
    }

    @Test
    void an_older_client_is_told_so_as_of_what_is_refused_after_its_puback() {
        client.connect(false);
        client.subscribe("user/alice/reply");
        client.engine.refuse(Error.newBuilder().setCode(ErrorCode.NOT_FOUND).setMessage("there is no user nobody"));
        client.publish(7, "chat/@nobody/msg", "{\"id\":\"m1\",\"text\":\"one\"}");

        List<Object> written = client.all();

        assertThat(ClientChannel.of(PUBACK.class, written))
                .extracting(PUBACK::getPacketIdentifier)
                .containsExactly(7);
        assertThat(client.received(written))
                .extracting(Received::text)
                .containsExactly(
                        error("NOT_FOUND", "there is no user nobody", ",\"messageId\":\"m1\"", "alice~nobody"));
        assertThat(client.channel.isActive()).isTrue();
        assertThat(client.messages()).isEmpty();
    }

    @Test
    void what_is_refused_at_qos_0_disconnects_an_older_client() {
        client.connect(false);

        client.publishUnacknowledged("chat/bob~carol/msg", "hi");

        assertThat(client.channel.isActive()).isFalse();
    }

    private static String error(String code, String message, String id, String conversation) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"" + id + ",\"conversation\":\""
                + conversation + "\"}}";
    }
}
