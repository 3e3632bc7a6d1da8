package io.parley.broker.netty;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import io.parley.broker.Unhurried;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** A device's requests and their replies. */
final class RequestIntakeTest {
    private static final long SMALL_PACKETS = 180;

    private final ClientChannel client = new ClientChannel();

    @Test
    void a_group_is_created_by_a_request_and_its_answer_echoes_id_and_correlation() {
        client.subscribe("user/alice/reply");
        client.request("{\"requestId\":\"r1\",\"createGroup\":{\"name\":\"team\",\"members\":[\"bob\"]}}", 42);

        List<Object> written = client.all();

        assertThat(ClientChannel.of(PUBACK.class, written)).hasSize(1);
        Received reply = client.received(written).get(0);
        assertThat(reply.topic()).isEqualTo("user/alice/reply");
        assertThat(reply.text()).contains("\"requestId\":\"r1\"").contains("\"conversation\":\"g");
        assertThat(reply.correlation()).containsExactly(42);
        assertThat(reply.packetId()).isBetween(16_384, 32_767);
    }

    @Test
    void a_request_without_an_id_is_answered_without_one() {
        client.subscribe("user/alice/reply");
        client.publish(5, "user/alice/request", "{\"mute\":{\"conversation\":\"?\"}}");

        Received reply = client.received().get(0);

        assertThat(reply.text())
                .isEqualTo("{\"error\":{\"code\":\"BAD_REQUEST\",\"message\":\"not a conversation id\"}}");
    }

    @Test
    void open_requests_of_the_same_id_get_their_own_correlation() {
        client.subscribe("user/alice/reply");
        client.request("{\"requestId\":\"r1\",\"history\":{\"conversation\":\"alice~bob\"}}", 1);
        client.request("{\"requestId\":\"r1\",\"history\":{\"conversation\":\"alice~bob\"}}", 2);

        client.reads
                .get(1)
                .complete(Reply.newBuilder().setConversation("second").build());
        client.reads.get(0).complete(Reply.newBuilder().setConversation("first").build());

        List<Received> replies = client.received();
        assertThat(replies)
                .extracting(Received::text)
                .containsExactly(
                        "{\"requestId\":\"r1\",\"conversation\":\"second\"}",
                        "{\"requestId\":\"r1\",\"conversation\":\"first\"}");
        assertThat(replies).extracting(Received::correlation).containsExactly(List.of(2), List.of(1));
    }

    @Test
    void a_page_makes_room_for_the_users_next_when_it_is_written() {
        client.subscribe("user/alice/reply");
        client.request("{\"history\":{\"conversation\":\"alice~bob\"}}", 1);
        assertThat(client.released).isZero();

        client.reads.get(0).complete(Reply.getDefaultInstance());

        assertThat(client.received()).hasSize(1);
        assertThat(client.released).isEqualTo(1);
    }

    @Test
    void a_page_that_nobody_wants_to_see_makes_room_too() {
        client.request("{\"history\":{\"conversation\":\"alice~bob\"}}", 1);

        client.reads.get(0).complete(Reply.getDefaultInstance());

        assertThat(client.received()).isEmpty();
        assertThat(client.released).isEqualTo(1);
    }

    @Test
    void a_page_on_its_way_when_the_connection_ends_makes_room() {
        client.subscribe("user/alice/reply");
        client.request("{\"history\":{\"conversation\":\"alice~bob\"}}", 1);
        client.close();

        client.reads.get(0).complete(Reply.getDefaultInstance());
        client.channel.runPendingTasks();

        assertThat(client.released).isEqualTo(1);
    }

    @Test
    void who_does_not_take_what_was_read_is_read_no_more() {
        client.connect(true, Unhurried.generous(), new ClientChannel.Unread());
        client.channel.writeInbound(ClientChannel.packet(
                1, "user/alice/request", "{\"history\":{\"conversation\":\"alice~bob\"}}", QoS.AT_LEAST_ONCE, false));
        assertThat(client.reads).hasSize(1);
        client.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);

        client.channel.writeInbound(ClientChannel.packet(
                2, "user/alice/request", "{\"history\":{\"conversation\":\"alice~bob\"}}", QoS.AT_LEAST_ONCE, false));
        client.channel.runPendingTasks();
        assertThat(client.reads).hasSize(1);

        client.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        client.channel.runPendingTasks();
        assertThat(client.reads).hasSize(2);
    }

    @Test
    void a_group_without_a_request_id_is_not_that_of_an_earlier_connection() {
        assertThat(idsOnTwoConnections("{\"createGroup\":{\"name\":\"team\"}}"))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .doesNotContain("");
    }

    @Test
    void a_group_that_is_asked_for_again_keeps_the_id_by_which_the_engine_knows() {
        assertThat(idsOnTwoConnections("{\"requestId\":\"r1\",\"createGroup\":{\"name\":\"team\"}}"))
                .containsExactly("r1", "r1");
    }

    /** By which the engine knows a new group that is asked for on one connection and on the next. */
    private List<String> idsOnTwoConnections(String group) {
        client.publish(5, "user/alice/request", group);
        client.connect(true);
        client.publish(5, "user/alice/request", group);
        return client.engine.userCommands.stream()
                .filter(UserCommand::hasOpenGroup)
                .map(UserCommand::getRequestId)
                .toList();
    }

    @Test
    void reads_wait_for_a_device_that_is_slow_to_take_their_answers() {
        client.subscribe("user/alice/reply");
        for (int i = 0; i < 30; i++) {
            client.publish(
                    5,
                    "user/alice/request",
                    "{\"requestId\":\"r" + i + "\",\"history\":{\"conversation\":\"alice~bob\"}}");
        }
        assertThat(client.reads).hasSize(8);
        assertThat(client.written(PUBACK.class)).hasSize(30);

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            client.reads.get(i).complete(Reply.getDefaultInstance());
            Received answer = client.received().get(0);
            answers.add(answer.text());
            assertThat(client.reads).as("while %s is not acknowledged", answer).hasSize(Math.min(30, i + 8));
            client.channel.writeInbound(new PUBACK(answer.packetId()));
        }

        assertThat(answers)
                .containsExactlyElementsOf(IntStream.range(0, 30)
                        .mapToObj(i -> "{\"requestId\":\"r" + i + "\"}")
                        .toList());
        assertThat(client.channel.isActive()).isTrue();
    }

    @Test
    void an_answer_that_is_larger_than_the_client_takes_is_refused() {
        client.connect(true, Unhurried.generous(), SMALL_PACKETS);
        client.subscribe("user/alice/reply");
        client.request("{\"requestId\":\"r1\",\"history\":{\"conversation\":\"alice~bob\"}}", 42);

        client.reads
                .get(0)
                .complete(Reply.newBuilder().setConversation("x".repeat(500)).build());

        Received refusal = client.received().get(0);
        assertThat(refusal.text()).contains("\"requestId\":\"r1\"", "TOO_LARGE");
        assertThat(refusal.packetId()).isEqualTo(16_384);
        assertThat(refusal.correlation()).containsExactly(42);
    }

    @Test
    void a_page_of_conversations_is_no_larger_than_the_client_takes() {
        List<String> ids = List.of("alice~bob", "alice~carol", "alice~dave", "alice~eve");
        client.connect(true, Unhurried.generous(), 600);
        client.subscribe("user/alice/reply");
        client.engine.conversations(ids, "\"".repeat(40));
        client.request("{\"requestId\":\"r1\",\"listConversations\":{}}", 42);

        Received page = client.received().get(0);

        assertThat(page.text())
                .contains("\"alice~carol\"", "\"next\":\"alice~carol\"")
                .doesNotContain("alice~dave");
        assertThat(page.correlation()).containsExactly(42);
        client.request("{\"requestId\":\"r2\",\"listConversations\":{\"after\":\"alice~carol\"}}", 42);
        assertThat(client.received().get(0).text())
                .contains("\"requestId\":\"r2\"", "\"alice~dave\"", "\"alice~eve\"", "\"unreadTotal\":0")
                .doesNotContain("next", "alice~carol");
    }

    @Test
    void a_page_of_conversations_that_cannot_be_is_refused() {
        client.subscribe("user/alice/reply");
        client.publish(5, "user/alice/request", "{\"requestId\":\"r1\",\"listConversations\":{\"limit\":1001}}");
        client.publish(6, "user/alice/request", "{\"requestId\":\"r2\",\"listConversations\":{\"after\":\"?\"}}");

        assertThat(client.received())
                .extracting(Received::text)
                .satisfiesExactly(
                        one -> assertThat(one).contains("r1", "BAD_REQUEST", "1,000"),
                        two -> assertThat(two).contains("r2", "BAD_REQUEST"));
        assertThat(client.engine.userCommands).noneMatch(UserCommand::hasListConversations);
    }

    @Test
    void a_client_that_takes_not_even_the_refusal_gets_the_answers_that_it_takes() {
        client.connect(true, Unhurried.generous(), SMALL_PACKETS);
        client.subscribe("user/alice/reply");
        for (int i = 0; i < 9; i++) {
            client.request(
                    "{\"requestId\":\"" + "long".repeat(16) + "\",\"history\":{\"conversation\":\"alice~bob\"}}", 42);
            client.reads
                    .get(i)
                    .complete(
                            Reply.newBuilder().setConversation("x".repeat(500)).build());
        }
        assertThat(client.received()).isEmpty();

        client.request("{\"requestId\":\"r1\",\"history\":{\"conversation\":\"alice~bob\"}}", 42);
        client.reads.get(9).complete(Reply.getDefaultInstance());

        assertThat(client.received()).hasSize(1);
    }

    @Test
    void more_than_a_hundred_requests_without_an_answer_are_too_many() {
        client.subscribe("user/alice/reply");
        for (int i = 0; i < 101; i++) {
            client.publish(5, "user/alice/request", "{\"requestId\":\"r" + i + "\",\"listDevices\":{}}");
        }

        assertThat(client.received())
                .singleElement()
                .extracting(Received::text, as(InstanceOfAssertFactories.STRING))
                .contains("\"r100\"", "RATE_LIMITED");
    }

    @Test
    void what_is_no_request_is_answered_when_its_id_can_be_read() {
        client.subscribe("user/alice/reply");
        client.publish(5, "user/alice/request", "{\"requestId\":\"r1\",\"createGroup\":5}");
        client.publish(6, "user/alice/request", "{\"requestId\":\"r2\",\"frobnicate\":{}}");
        client.publish(7, "user/alice/request", "{\"requestId\":\"" + "x".repeat(65) + "\",\"listDevices\":{}}");

        List<Object> written = client.all();

        assertThat(ClientChannel.of(PUBACK.class, written))
                .extracting(PUBACK::getReasonCode)
                .containsOnly(Mqtt5PubAckReasonCode.SUCCESS);
        assertThat(client.received(written))
                .extracting(Received::text)
                .containsExactly(
                        "{\"requestId\":\"r1\",\"error\":{\"code\":\"BAD_REQUEST\",\"message\":\"not the JSON of a Request\"}}",
                        "{\"requestId\":\"r2\",\"error\":{\"code\":\"BAD_REQUEST\",\"message\":\"the request names nothing to do\"}}",
                        "{\"requestId\":\"" + "x".repeat(65)
                                + "\",\"error\":{\"code\":\"BAD_REQUEST\",\"message\":\"requestId has more than 64 characters (Unicode code points): send a shorter one\"}}");
        assertThat(client.engine.userCommands).noneMatch(command -> command.hasListDevices());
    }

    @Test
    void a_request_without_a_legible_id_is_refused_in_its_puback() {
        client.subscribe("user/alice/reply");
        client.publish(5, "user/alice/request", "{\"requestId\":\"r1\",\"createGroup\":");

        assertThat(client.reasons()).containsExactly(Mqtt5PubAckReasonCode.PAYLOAD_FORMAT_INVALID);
    }
}
