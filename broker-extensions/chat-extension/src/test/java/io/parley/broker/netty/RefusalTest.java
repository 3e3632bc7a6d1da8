package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import io.parley.broker.limit.LimitsTest;
import io.parley.protocol.log.ConversationCommand;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits, and how a device hears that something was refused. */
final class RefusalTest {
    private final ClientChannel client = new ClientChannel();

    @Test
    void messages_beyond_the_limit_are_refused_in_the_puback() {
        client.connect(true, LimitsTest.limits(2, 1000, 1, 1));
        client.publish(1, "chat/@bob/msg", "one");
        client.publish(2, "chat/@bob/msg", "two");
        client.publish(3, "chat/@bob/msg", "three");

        List<Mqtt5PubAckReasonCode> reasons = client.reasons();

        assertThat(reasons)
                .containsExactly(
                        Mqtt5PubAckReasonCode.SUCCESS,
                        Mqtt5PubAckReasonCode.SUCCESS,
                        Mqtt5PubAckReasonCode.QUOTA_EXCEEDED);
        assertThat(reasons.get(2).getCode()).isEqualTo(0x97);
        assertThat(client.messages()).hasSize(2);
    }

    @Test
    void receipts_beyond_the_limit_are_refused_and_typing_is_let_go() {
        client.connect(true, LimitsTest.limits(2, 1000, 1, 1));
        client.publish(1, "chat/@bob/receipt", "{\"read\":1}");
        client.publish(2, "chat/@bob/typing", "{\"typing\":true}");
        client.publish(3, "chat/@bob/receipt", "{\"read\":2}");
        client.publish(4, "chat/@bob/typing", "{\"typing\":false}");

        assertThat(client.reasons())
                .containsExactly(
                        Mqtt5PubAckReasonCode.SUCCESS,
                        Mqtt5PubAckReasonCode.SUCCESS,
                        Mqtt5PubAckReasonCode.QUOTA_EXCEEDED,
                        Mqtt5PubAckReasonCode.SUCCESS);
        assertThat(client.engine.commands.stream().filter(ConversationCommand::hasTypingNow))
                .hasSize(1);
    }

    @Test
    void a_message_beyond_the_limit_disconnects_an_older_client() {
        client.connect(false, LimitsTest.limits(1, 1000, 1, 1));
        client.publish(1, "chat/@bob/msg", "one");
        assertThat(client.channel.isActive()).isTrue();

        client.publish(2, "chat/@bob/msg", "two");

        assertThat(client.channel.isActive()).isFalse();
        assertThat(client.messages()).hasSize(1);
    }

    @Test
    void requests_beyond_the_limit_are_answered_so() {
        client.connect(true, LimitsTest.limits(1, 1000, 2, 1));
        client.subscribe("user/alice/reply");
        for (String id : List.of("r1", "r2", "r3")) {
            client.publish(5, "user/alice/request", "{\"requestId\":\"" + id + "\",\"mute\":{}}");
        }
        client.publish(6, "user/alice/request", "{\"requestId\":\"r4\",\"createGroup\":5}");

        assertThat(client.written(PUBLISH.class))
                .extracting(ClientChannel::text)
                .satisfiesExactly(
                        reply -> assertThat(reply).contains("\"r1\"", "BAD_REQUEST"),
                        reply -> assertThat(reply).contains("\"r2\"", "BAD_REQUEST"),
                        reply -> assertThat(reply).contains("\"r3\"", "RATE_LIMITED"),
                        reply -> assertThat(reply).contains("\"r4\"", "RATE_LIMITED"));
    }

    @Test
    void what_is_refused_at_qos_0_comes_back_as_an_error_at_qos_0() {
        client.connect(true, LimitsTest.limits(2, 1000, 1, 1));
        client.subscribe("user/alice/reply");
        client.publishUnacknowledged("chat/bob~carol/typing", "{\"typing\":true}");
        client.publishUnacknowledged("chat/@bob/msg", "{\"id\":\"m1\",\"text\":\"one\"}");
        client.publishUnacknowledged("chat/bob~carol/typing", "{\"typing\":true}");
        client.publishUnacknowledged("chat/@bob/msg", "{\"id\":\"m2\",\"text\":\"two\"}");
        client.publishUnacknowledged("chat/@bob/msg", "{\"id\":\"m3\",\"text\":3}");
        client.publishUnacknowledged("sensors/1", "21");

        List<PUBLISH> errors = client.written(PUBLISH.class);

        assertThat(errors).allMatch(error -> error.getTopic().equals("user/alice/reply"));
        assertThat(errors).allMatch(error -> error.getQoS() == QoS.AT_MOST_ONCE);
        assertThat(errors)
                .extracting(ClientChannel::text)
                .containsExactly(
                        error("NOT_A_MEMBER", "not a member", "", "bob~carol"),
                        error("RATE_LIMITED", "too many messages, slow down", ",\"messageId\":\"m2\"", "alice~bob"),
                        error("BAD_REQUEST", "not the JSON of a Publication", ",\"messageId\":\"m3\"", "alice~bob"),
                        "{\"error\":{\"code\":\"NOT_ALLOWED\",\"message\":\"nothing may be published there\"}}");
        assertThat(client.messages()).hasSize(1);
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
