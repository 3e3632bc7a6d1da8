package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.hivemq.extension.sdk.api.packets.general.DisconnectedReasonCode;
import com.hivemq.extensions.events.OnServerDisconnectEvent;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5UnsubAckReasonCode;
import com.hivemq.mqtt.message.unsuback.UNSUBACK;
import com.hivemq.mqtt.message.unsubscribe.UNSUBSCRIBE;
import io.parley.broker.limit.LimitsTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subscriptions, deliveries and the end of a connection. */
final class DeviceChannelTest {
    private final ClientChannel client = new ClientChannel();

    @Test
    void qos_2_and_retain_end_the_connection() {
        client.channel.writeInbound(ClientChannel.packet(1, "chat/@bob/msg", "hi", QoS.EXACTLY_ONCE, false));
        assertThat(client.disconnected()).isEqualTo(Mqtt5DisconnectReasonCode.QOS_NOT_SUPPORTED);

        client.connect(true);
        client.channel.writeInbound(ClientChannel.packet(1, "chat/@bob/msg", "hi", QoS.AT_LEAST_ONCE, true));
        assertThat(client.disconnected()).isEqualTo(Mqtt5DisconnectReasonCode.RETAIN_NOT_SUPPORTED);
        assertThat(client.engine.commands).isEmpty();
    }

    @Test
    void a_client_that_does_not_read_is_cut_off_all_the_same() {
        client.connect(true, LimitsTest.generous(), new ClientChannel.Unread());
        client.channel.writeInbound(ClientChannel.packet(1, "chat/@bob/msg", "hi", QoS.EXACTLY_ONCE, false));
        client.later(4);
        assertThat(client.channel.isActive()).as("it may still read why").isTrue();

        client.later(2);

        assertThat(client.channel.isActive()).isFalse();
    }

    @Test
    void a_client_that_does_not_read_is_cut_off_when_hivemq_ends_it() {
        client.connect(true, LimitsTest.generous(), new ClientChannel.Unread());
        client.channel
                .pipeline()
                .fireUserEventTriggered(new OnServerDisconnectEvent(
                        DisconnectedReasonCode.SESSION_TAKEN_OVER, null, Mqtt5UserProperties.NO_USER_PROPERTIES));

        client.later(6);

        assertThat(client.channel.isActive()).isFalse();
    }

    @Test
    void a_subscription_is_answered_filter_by_filter() {
        assertThat(client.subscribe(
                        "chat/alice~bob/msg", "chat/bob~carol/msg", "chat/+/msg", "user/alice/reply", "a/b"))
                .containsExactly(
                        Mqtt5SubAckReasonCode.GRANTED_QOS_1,
                        Mqtt5SubAckReasonCode.NOT_AUTHORIZED,
                        Mqtt5SubAckReasonCode.GRANTED_QOS_1,
                        Mqtt5SubAckReasonCode.GRANTED_QOS_1,
                        Mqtt5SubAckReasonCode.NOT_AUTHORIZED);
    }

    @Test
    void only_the_very_filter_ends_a_subscription() {
        client.subscribe("chat/+/msg", "user/alice/reply");
        client.channel.writeInbound(new UNSUBSCRIBE(
                ImmutableList.of("chat/@bob/msg", "user/bob/reply", "user/alice/#", "chat/+/msg", "chat/+/msg"), 10));

        assertThat(client.written(UNSUBACK.class).get(0).getReasonCodes())
                .containsExactly(
                        Mqtt5UnsubAckReasonCode.NO_SUBSCRIPTIONS_EXISTED,
                        Mqtt5UnsubAckReasonCode.NO_SUBSCRIPTIONS_EXISTED,
                        Mqtt5UnsubAckReasonCode.NO_SUBSCRIPTIONS_EXISTED,
                        Mqtt5UnsubAckReasonCode.SUCCESS,
                        Mqtt5UnsubAckReasonCode.NO_SUBSCRIPTIONS_EXISTED);
        client.publish(5, "user/alice/request", "{\"mute\":{\"conversation\":\"alice~bob\"}}");
        assertThat(client.received()).as("replies still come").hasSize(1);
    }

    @Test
    void a_subscription_that_nobody_answers_is_no_denial() {
        client.engine.fail();

        assertThat(client.subscribe("chat/alice~bob/msg")).containsExactly(Mqtt5SubAckReasonCode.UNSPECIFIED_ERROR);
    }

    @Test
    void a_message_comes_back_with_its_seq_and_a_packet_id_of_the_delivery() {
        client.subscribe("chat/alice~bob/msg");
        client.publish(1, "chat/@bob/msg", "hi");

        List<Received> received = client.received();

        assertThat(received).hasSize(1);
        assertThat(received.get(0).topic()).isEqualTo("chat/alice~bob/msg");
        assertThat(received.get(0).packetId()).isGreaterThanOrEqualTo(32_768);
        assertThat(received.get(0).text()).contains("\"seq\":1").contains("\"text\":\"hi\"");
        client.channel.writeInbound(new PUBACK(received.get(0).packetId()));
        assertThat(client.channel.inboundMessages())
                .as("HiveMQ sees none of it")
                .isEmpty();
    }

    @Test
    void the_end_of_the_channel_ends_the_session() {
        client.close();

        assertThat(client.engine.userCommands).anyMatch(command -> command.hasDeviceDisconnected());
    }

    @Test
    void what_happens_is_counted() {
        client.subscribe("chat/alice~bob/msg");
        client.publish(1, "chat/@bob/msg", "one");
        client.publish(2, "chat/@bob/msg", "two");
        client.publish(3, "chat/bob~carol/msg", "not mine");
        client.channel.writeInbound(
                new PUBACK(client.received().get(0).packetId()));

        assertThat(client.registry
                        .get("parley.broker.publishes")
                        .tag("outcome", "accepted")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(client.registry
                        .get("parley.broker.publishes")
                        .tag("outcome", "refused")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(client.registry
                        .get("parley.broker.deliveries")
                        .functionCounter()
                        .count())
                .isEqualTo(2);
        assertThat(client.registry
                        .get("parley.broker.acknowledgements")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(client.registry.get("parley.broker.connections").gauge().value())
                .isEqualTo(1);
        assertThat(client.registry.get("parley.broker.devices.behind").gauge().value())
                .isZero();

        client.close();
        assertThat(client.registry.get("parley.broker.connections").gauge().value())
                .isZero();
    }
}
