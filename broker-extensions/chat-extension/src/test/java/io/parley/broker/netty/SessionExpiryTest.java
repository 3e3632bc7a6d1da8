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
import org.junit.jupiter.api.Test;

final class SessionExpiryTest {
    private static final long ASKED_SECONDS = 3600;

    private final EmbeddedChannel channel = new EmbeddedChannel(new SessionExpiry(ASKED_SECONDS));

    @Test
    void the_connack_grants_what_was_asked_for_and_is_otherwise_the_same() {
        assertThat(sent(connack().withSessionExpiryInterval(0).build()))
                .usingRecursiveComparison()
                .isEqualTo(connack().withSessionExpiryInterval(ASKED_SECONDS).build());
        assertThat(channel.pipeline().get(SessionExpiry.class)).isNull();
    }

    @Test
    void a_connack_that_overrides_nothing_stays_as_it_is() {
        CONNACK connack = connack().build();

        assertThat(sent(connack)).isSameAs(connack);
    }

    private Object sent(CONNACK connack) {
        channel.writeOutbound(connack);
        return channel.readOutbound();
    }

    /** Every field but the session expiry has a value that is not its default. */
    private static CONNACKBuilder connack() {
        return CONNACK.builder()
                .withReasonCode(Mqtt5ConnAckReasonCode.SUCCESS)
                .withReasonString("reason")
                .withUserProperties(Mqtt5UserProperties.of(ImmutableList.of(new MqttUserProperty("name", "value"))))
                .withSessionPresent(true)
                .withServerKeepAlive(60)
                .withAssignedClientIdentifier("alice/phone")
                .withAuthMethod("method")
                .withAuthData(new byte[] {1})
                .withReceiveMaximum(100)
                .withTopicAliasMaximum(5)
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
