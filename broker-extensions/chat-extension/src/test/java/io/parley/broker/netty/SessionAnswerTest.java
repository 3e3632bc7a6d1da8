package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.connack.CONNACK;
import com.hivemq.mqtt.message.connack.CONNACKBuilder;
import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.mqtt5.MqttUserProperty;
import com.hivemq.mqtt.message.reason.Mqtt5ConnAckReasonCode;
import io.netty.channel.embedded.EmbeddedChannel;
import io.parley.gateway.delivering.SessionTerms;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The client hears of its session when both HiveMQ and the engine have answered. */
final class SessionAnswerTest {
    private static final long ASKED_SECONDS = 3600;

    private SessionAnswer answer = new SessionAnswer(true, ASKED_SECONDS, false);
    private EmbeddedChannel channel = new EmbeddedChannel(answer);

    @Test
    void a_connack_waits_for_the_engine_and_is_otherwise_the_same() {
        channel.writeOutbound(connack().build());
        assertThat(written()).isNull();

        answer.opened(true);

        assertThat(written())
                .usingRecursiveComparison()
                .isEqualTo(connack().withSessionPresent(true).build());
        assertThat(channel.pipeline().get(SessionAnswer.class)).isNull();
    }

    @Test
    void the_engine_may_answer_first() {
        answer.opened(false);
        assertThat(written()).isNull();

        channel.writeOutbound(connack().build());

        assertThat(written())
                .usingRecursiveComparison()
                .isEqualTo(connack().withSessionPresent(false).build());
    }

    @Test
    void a_session_that_would_be_kept_too_long_is_granted_what_it_gets() {
        start(true, 0xFFFF_FFFFL);
        answer.opened(false);

        channel.writeOutbound(connack().build());

        assertThat(connackWritten().getSessionExpiryInterval()).isEqualTo(SessionTerms.MAX_EXPIRY_SECONDS);
    }

    @Test
    void an_older_client_hears_only_whether_there_is_a_session() {
        start(false, 0);
        channel.writeOutbound(connack().build());

        answer.opened(true);

        CONNACK written = connackWritten();
        assertThat(written.isSessionPresent()).isTrue();
        assertThat(written.getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.SUCCESS);
        assertThat(written.getReasonString()).isNull();
    }

    @Test
    void without_an_answer_the_server_is_unavailable_and_the_connection_ends() {
        channel.writeOutbound(connack().build());

        assertThat(answer.unavailable()).isTrue();

        CONNACK written = connackWritten();
        assertThat(written.getReasonCode().getCode()).isEqualTo(0x88);
        assertThat(written.getReasonString()).isNotNull();
        assertThat(written.isSessionPresent()).isFalse();
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void an_older_client_hears_that_the_server_is_unavailable_too() {
        start(false, 0);
        assertThat(answer.unavailable()).isTrue();
        assertThat(channel.isActive()).isTrue();

        channel.writeOutbound(connack().build());

        CONNACK written = connackWritten();
        assertThat(written.getReturnCode().getCode()).isEqualTo(3);
        assertThat(written.getReasonString()).isNull();
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void an_answer_after_the_refusal_changes_nothing() {
        channel.writeOutbound(connack().build());
        answer.unavailable();
        assertThat(connackWritten().getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE);

        answer.opened(true);

        assertThat(written()).isNull();
    }

    @Test
    void once_the_connack_has_gone_nothing_can_be_unavailable() {
        answer.opened(true);
        channel.writeOutbound(connack().build());
        assertThat(connackWritten().getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.SUCCESS);

        assertThat(answer.unavailable()).isFalse();

        assertThat(written()).isNull();
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void a_refusal_of_hivemqs_own_passes() {
        CONNACK refusal = CONNACK.builder()
                .withReasonCode(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED)
                .build();

        channel.writeOutbound(refusal);

        assertThat(written()).isSameAs(refusal);
    }

    private void start(boolean version5, long askedSeconds) {
        answer = new SessionAnswer(version5, askedSeconds, false);
        channel = new EmbeddedChannel(answer);
    }

    private @Nullable Object written() {
        return channel.readOutbound();
    }

    private CONNACK connackWritten() {
        assertThat(channel.outboundMessages()).hasSize(1);
        return channel.readOutbound();
    }

    /** Every field but the session expiry has a value that is not its default. */
    private static CONNACKBuilder connack() {
        return CONNACK.builder()
                .withReasonCode(Mqtt5ConnAckReasonCode.SUCCESS)
                .withReasonString("reason")
                .withUserProperties(Mqtt5UserProperties.of(ImmutableList.of(new MqttUserProperty("name", "value"))))
                .withServerKeepAlive(60)
                .withAssignedClientIdentifier("alice/phone")
                .withAuthMethod("method")
                .withAuthData(new byte[] {1})
                .withReceiveMaximum(100)
                // What HiveMQ offers is for topics beside the chat.
                .withTopicAliasMaximum(0)
                .withMaximumPacketSize(1000)
                .withMaximumQoS(QoS.AT_LEAST_ONCE)
                .withRetainAvailable(false)
                .withWildcardSubscriptionAvailable(false)
                .withSubscriptionIdentifierAvailable(false)
                .withSharedSubscriptionAvailable(false)
                .withResponseInformation("response")
                .withServerReference("server");
    }
}
