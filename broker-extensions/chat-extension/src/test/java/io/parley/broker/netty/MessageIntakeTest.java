package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.mqtt.message.disconnect.DISCONNECT;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import io.parley.protocol.log.UserCommand;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a device publishes to conversations. */
final class MessageIntakeTest {
    private final ClientChannel client = new ClientChannel();

    @Test
    void a_message_is_acknowledged_when_the_log_has_it() {
        client.engine.hold();
        client.publish(7, "chat/@bob/msg", "hi");
        assertThat(client.written(PUBACK.class)).isEmpty();

        client.engine.release();

        assertThat(client.written(PUBACK.class))
                .extracting(PUBACK::getPacketIdentifier)
                .containsExactly(7);
        assertThat(client.messages()).hasSize(1);
        assertThat(client.messages().get(0).getSendMessage().getPublication().getText())
                .isEqualTo("hi");
        assertThat(client.messages().get(0).getSendMessage().getPublication().getId())
                .hasSize(26);
        assertThat(client.messages().get(0).getOrigin().getUser()).isEqualTo("alice");
    }

    @Test
    void what_a_log_out_of_reach_does_not_take_is_neither_acknowledged_nor_refused() {
        client.engine.fail();

        client.publish(7, "chat/@bob/msg", "hi");

        List<Object> written = client.all();
        assertThat(ClientChannel.of(PUBACK.class, written)).isEmpty();
        assertThat(ClientChannel.of(DISCONNECT.class, written))
                .extracting(DISCONNECT::getReasonCode)
                .containsExactly(Mqtt5DisconnectReasonCode.SERVER_BUSY);
        assertThat(client.channel.isActive()).isFalse();
    }

    @Test
    void an_older_client_is_disconnected_likewise() {
        client.connect(false);
        client.engine.fail();

        client.publish(7, "chat/@bob/msg", "hi");

        assertThat(client.all()).isEmpty();
        assertThat(client.channel.isActive()).isFalse();
    }

    @Test
    void a_refusal_disconnects_an_older_client() {
        client.connect(false);

        client.publish(7, "chat/@bob/msg", "{\"text\":5}");

        assertThat(client.written(PUBACK.class)).isEmpty();
        assertThat(client.channel.isActive()).isFalse();
    }

    @Test
    void what_is_no_message_is_refused() {
        client.publish(7, "chat/@bob/msg", "{\"text\":5}");

        assertThat(client.reasons()).containsExactly(Mqtt5PubAckReasonCode.PAYLOAD_FORMAT_INVALID);
        assertThat(client.engine.commands).isEmpty();
    }

    @Test
    void others_conversations_requests_and_ordinary_topics_are_refused() {
        client.publish(1, "chat/bob~carol/msg", "hi");
        client.publish(2, "user/bob/request", "{\"listConversations\":{}}");
        client.publish(3, "sensors/1", "21");
        client.publish(4, "chat/@bob/presence", "{}");

        assertThat(client.reasons()).hasSize(4).containsOnly(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
        assertThat(client.engine.commands).isEmpty();
    }

    @Test
    void acknowledgements_keep_the_order_of_the_messages() {
        client.engine.hold();
        client.publish(1, "chat/@bob/msg", "one");
        client.publish(2, "chat/@bob/msg", "{\"broken");
        client.publish(3, "chat/@bob/msg", "three");
        assertThat(client.written(PUBACK.class)).isEmpty();

        client.engine.release();

        assertThat(client.written(PUBACK.class))
                .extracting(PUBACK::getPacketIdentifier)
                .containsExactly(1, 2, 3);
    }

    @Test
    void reading_stops_at_a_hundred_open_messages_and_goes_on_later() {
        client.engine.hold();
        for (int i = 1; i <= 100; i++) {
            client.publish(i, "chat/@bob/msg", "m" + i);
        }
        assertThat(client.channel.config().isAutoRead()).isFalse();

        client.engine.release();

        assertThat(client.written(PUBACK.class)).hasSize(100);
        assertThat(client.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void what_was_read_beyond_a_hundred_open_messages_waits_and_is_taken_in_order() {
        client.engine.hold();
        for (int i = 1; i <= 250; i++) {
            client.publish(i, "chat/@bob/msg", "m" + i);
        }
        client.channel.config().setAutoRead(true);
        client.publish(251, "chat/@bob/msg", "m251");
        client.channel.writeInbound(new DISCONNECT());
        assertThat(client.messages()).hasSize(100);
        assertThat(client.channel.config().isAutoRead()).isFalse();
        assertThat(client.channel.inboundMessages()).as("what HiveMQ sees").isEmpty();

        client.engine.release();

        assertThat(client.written(PUBACK.class))
                .extracting(PUBACK::getPacketIdentifier)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 251).boxed().toList());
        assertThat(client.messages()).hasSize(251);
        assertThat(client.channel.inboundMessages()).hasOnlyElementsOfType(DISCONNECT.class);
        assertThat(client.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void what_was_read_before_the_connection_ended_is_taken_before_its_end_is_told() {
        client.engine.hold();
        for (int i = 1; i <= 101; i++) {
            client.publish(i, "chat/@bob/msg", "m" + i);
        }
        client.close();
        assertThat(client.engine.userCommands).noneMatch(UserCommand::hasDeviceDisconnected);

        client.engine.release();
        client.channel.runPendingTasks();

        assertThat(client.messages()).hasSize(101);
        assertThat(client.engine.userCommands).anyMatch(UserCommand::hasDeviceDisconnected);
    }

    @Test
    void a_right_that_nobody_answers_is_no_denial() {
        client.engine.fail();

        client.publish(7, "chat/g01arz3ndektsv4rrffq69g5fav/msg", "hi");

        assertThat(client.disconnected()).isEqualTo(Mqtt5DisconnectReasonCode.SERVER_BUSY);
    }
}
