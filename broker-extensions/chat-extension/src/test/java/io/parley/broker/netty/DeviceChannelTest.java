package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.hivemq.extension.sdk.api.packets.general.DisconnectedReasonCode;
import com.hivemq.extensions.events.OnServerDisconnectEvent;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.connack.CONNACK;
import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.reason.Mqtt5ConnAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5UnsubAckReasonCode;
import com.hivemq.mqtt.message.suback.SUBACK;
import com.hivemq.mqtt.message.subscribe.SUBSCRIBE;
import com.hivemq.mqtt.message.subscribe.Topic;
import com.hivemq.mqtt.message.unsuback.UNSUBACK;
import com.hivemq.mqtt.message.unsubscribe.UNSUBSCRIBE;
import io.parley.broker.Unhurried;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.UserCommand;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subscriptions, deliveries and the end of a connection. */
final class DeviceChannelTest {
    private final ClientChannel client = new ClientChannel();

    @Test
    void a_subscribe_without_tokens_waits_unread_and_ends_the_connection_busy_after_half_a_minute() {
        client.subscribing = Unhurried.filters(2);
        client.connect(true);
        assertThat(client.subscribe("chat/@bob/msg", "chat/@carol/msg")).hasSize(2);

        client.channel.writeInbound(
                new SUBSCRIBE(ImmutableList.of(new Topic("chat/@dave/msg", QoS.AT_LEAST_ONCE)), 10));

        assertThat(client.written(SUBACK.class)).isEmpty();
        assertThat(client.channel.config().isAutoRead()).isFalse();
        client.later(31);
        assertThat(client.disconnected()).isEqualTo(Mqtt5DisconnectReasonCode.SERVER_BUSY);
    }

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
        client.connect(true, Unhurried.generous(), new ClientChannel.Unread());
        client.channel.writeInbound(ClientChannel.packet(1, "chat/@bob/msg", "hi", QoS.EXACTLY_ONCE, false));
        client.later(4);
        assertThat(client.channel.isActive()).as("it may still read why").isTrue();

        client.later(2);

        assertThat(client.channel.isActive()).isFalse();
    }

    @Test
    void a_client_that_does_not_read_is_cut_off_when_hivemq_ends_it() {
        client.connect(true, Unhurried.generous(), new ClientChannel.Unread());
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
        client.publish(5, "user/alice/request", "{\"mute\":{\"conversation\":\"?\"}}");
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
    void a_client_hears_of_its_session_when_the_engine_has_opened_it() {
        client.engine.session = SessionOpened.newBuilder()
                .setSession(3)
                .setPresent(true)
                .addSubscriptions(Subscription.newBuilder()
                        .setFilter("user/alice/reply")
                        .setQos(1)
                        .setIdentifier(9))
                .build();
        client.open(true, true);
        client.connack();

        assertThat(client.written(CONNACK.class))
                .singleElement()
                .extracting(CONNACK::isSessionPresent)
                .isEqualTo(true);
        client.publish(5, "user/alice/request", "{\"mute\":{\"conversation\":\"?\"}}");
        assertThat(client.received())
                .as("what it subscribed to before")
                .singleElement()
                .extracting(Received::identifiers)
                .isEqualTo(List.of(9));
    }

    @Test
    void without_a_log_there_is_no_connection() {
        client.open(true, false);
        client.connack();

        assertThat(client.written(CONNACK.class))
                .extracting(CONNACK::getReasonCode)
                .containsExactly(Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE);
        assertThat(client.channel.isActive()).isFalse();
        assertThat(client.engine.userCommands)
                .filteredOn(UserCommand::hasDeviceConnected)
                .hasSize(1);
    }

    @Test
    void an_engine_that_opens_no_session_makes_the_server_unavailable() {
        client.engine.silent = true;
        client.open(true, true);
        client.connack();
        client.later(19);
        assertThat(client.written(CONNACK.class)).isEmpty();

        client.later(2);

        assertThat(client.written(CONNACK.class))
                .extracting(CONNACK::getReasonCode)
                .containsExactly(Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE);
        assertThat(client.channel.isActive()).isFalse();
    }

    @Test
    void what_was_acknowledged_when_hivemq_ends_the_connection_counts() {
        client.subscribe("chat/alice~bob/msg");
        client.publish(1, "chat/@bob/msg", "hi");
        int packetId = client.received().get(0).packetId();

        var unused = client.channel.pipeline().close();
        client.publish(2, "chat/@bob/msg", "too late");
        client.channel.writeInbound(new PUBACK(packetId));
        client.later(1);

        assertThat(client.channel.isActive()).isFalse();
        assertThat(client.engine.reported()).containsExactly(1);
        assertThat(client.messages()).hasSize(1);
        assertThat(client.engine.userCommands).anyMatch(UserCommand::hasDeviceDisconnected);
    }

    @Test
    void what_is_larger_than_the_client_takes_counts_as_delivered() {
        client.connect(true, Unhurried.generous(), 150);
        client.subscribe("chat/alice~bob/msg");
        client.publish(1, "chat/@bob/msg", "x".repeat(200));
        client.publish(2, "chat/@bob/msg", "small");

        List<Received> received = client.received();

        assertThat(received).hasSize(1);
        assertThat(received.get(0).text()).contains("small");
        client.channel.writeInbound(new PUBACK(received.get(0).packetId()));
        client.close();
        assertThat(client.engine.reported()).containsExactly(2);
    }

    @Test
    void no_local_is_refused_and_the_other_filters_of_the_packet_stand() {
        client.channel.writeInbound(new SUBSCRIBE(
                ImmutableList.of(
                        new Topic("chat/+/msg", QoS.AT_LEAST_ONCE, true, false),
                        new Topic("user/alice/reply", QoS.AT_MOST_ONCE)),
                9));

        assertThat(client.written(SUBACK.class).get(0).getReasonCodes())
                .containsExactly(
                        Mqtt5SubAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, Mqtt5SubAckReasonCode.GRANTED_QOS_0);
    }

    @Test
    void what_happens_is_counted() {
        client.subscribe("chat/alice~bob/msg");
        client.publish(1, "chat/@bob/msg", "one");
        client.publish(2, "chat/@bob/msg", "two");
        client.publish(3, "chat/bob~carol/msg", "not mine");
        client.channel.writeInbound(new PUBACK(client.received().get(0).packetId()));

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
