package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.mqtt.message.connack.CONNACK;
import com.hivemq.mqtt.message.disconnect.DISCONNECT;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.reason.Mqtt5ConnAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What devices see of a node that is being stopped. */
final class DrainingTest {
    private final ClientChannel client = new ClientChannel();

    @Test
    void a_device_gets_its_acknowledgement_and_is_sent_to_another_server() {
        client.engine.hold();
        client.publish(7, "chat/@bob/msg", "under way");

        drain();
        client.publish(8, "chat/@bob/msg", "too late");
        assertThat(client.channel.isActive()).as("it waits for its PUBACK").isTrue();
        client.engine.release();

        List<Object> written = client.all();
        assertThat(ClientChannel.of(PUBACK.class, written))
                .extracting(PUBACK::getPacketIdentifier)
                .containsExactly(7);
        DISCONNECT end = ClientChannel.of(DISCONNECT.class, written).get(0);
        assertThat(end.getReasonCode()).isEqualTo(Mqtt5DisconnectReasonCode.USE_ANOTHER_SERVER);
        assertThat(end.getServerReference()).isEqualTo("other.example.org:1883");
        assertThat(client.channel.isActive()).isFalse();
        assertThat(client.messages()).as("the second is published elsewhere").hasSize(1);
    }

    @Test
    void a_device_whose_publication_is_not_taken_waits_no_longer_than_the_patience() {
        client.engine.hold();
        client.publish(7, "chat/@bob/msg", "under way");

        drain();
        client.later(2);

        List<Object> written = client.all();
        assertThat(ClientChannel.of(PUBACK.class, written)).isEmpty();
        assertThat(ClientChannel.of(DISCONNECT.class, written)).hasSize(1);
    }

    @Test
    void a_311_connection_is_closed() {
        client.connect(false);

        drain();

        assertThat(client.written(DISCONNECT.class)).isEmpty();
        assertThat(client.channel.isActive()).isFalse();
    }

    @Test
    void who_connects_is_sent_to_another_server() {
        client.close();
        client.draining.close();

        CONNACK answer = refused(true);
        assertThat(answer.getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.USE_ANOTHER_SERVER);
        assertThat(answer.getServerReference()).isEqualTo("other.example.org:1883");
        assertThat(refused(false).getReasonCode()).isEqualTo(Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE);
    }

    private CONNACK refused(boolean version5) {
        client.open(version5, true);
        client.connack();
        List<CONNACK> answers = client.written(CONNACK.class);
        assertThat(answers).hasSize(1);
        assertThat(client.channel.isActive()).isFalse();
        return answers.get(0);
    }

    private void drain() {
        client.engine.node().drain(Duration.ZERO);
        client.channel.runPendingTasks();
    }
}
