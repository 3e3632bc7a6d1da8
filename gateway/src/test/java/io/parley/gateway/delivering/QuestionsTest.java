package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.subscribing.Permission;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A connection asks the engine once for what it has not been told yet, and never for too much at once. */
final class QuestionsTest {
    private static final ConversationId GROUP = ConversationId.parse("g0123456789ab");
    private static final String TOPICS = "chat/" + GROUP + "/";

    private final DeliveryBench bench = new DeliveryBench();
    private final DeviceSession session = bench.connect(new RecordedLink("ann/phone", 10));
    private final List<Permission> told = new ArrayList<>();

    @Test
    void a_snapshot_that_is_asked_for_again_and_again_is_asked_for_once() {
        for (int i = 0; i < 100; i++) {
            subscribe("receipt");
        }
        assertThat(attaches()).hasSize(1);

        answer();

        assertThat(told).hasSize(100).containsOnly(Permission.GRANTED);
        subscribe("receipt");
        assertThat(attaches()).as("after the answer").hasSize(2);
    }

    @Test
    void another_snapshot_of_the_same_conversation_is_asked_for_once_too() {
        for (int i = 0; i < 10; i++) {
            subscribe("receipt");
            subscribe("presence");
        }

        assertThat(attaches()).hasSize(2);
        assertThat(attaches().get(0).getReceipts()).isTrue();
        assertThat(attaches().get(1).getPresence()).isTrue();
    }

    @Test
    void a_connection_whose_questions_wait_has_no_room_until_they_are_answered() {
        QuestionLimits limits = new QuestionLimits(2, 3);
        assertThat(limits.allow(5, 0)).as("nobody asked yet").isTrue();
        limits.asked();
        assertThat(limits.allow(1, 1)).isTrue();
        assertThat(limits.allow(2, 1)).as("of the connection").isFalse();
        assertThat(limits.allow(2, 0)).isTrue();
        assertThat(limits.allow(3, 0)).as("of the node").isFalse();
        limits.answered(1);
        assertThat(limits.allow(3, 0)).isTrue();
    }

    @Test
    void questions_make_room_when_they_are_answered_given_up_or_nobodys_any_more() {
        QuestionLimits limits = bench.node.questionLimits();
        subscribe("receipt");
        subscribe("msg");
        assertThat(limits.waiting()).isEqualTo(2);
        answer();
        assertThat(limits.waiting()).isEqualTo(1);
        bench.shard.pass(30_000);
        assertThat(limits.waiting()).isZero();
        assertThat(told).containsExactly(Permission.GRANTED, Permission.UNKNOWN);

        subscribe("typing");
        assertThat(limits.waiting()).isEqualTo(1);
        session.disconnected(OptionalLong.empty());
        assertThat(limits.waiting()).isZero();
        bench.shard.pass(30_000);
        assertThat(limits.waiting()).isZero();
    }

    private void subscribe(String feed) {
        bench.subscribe(session, TOPICS + feed, 1, told::add);
    }

    private void answer() {
        bench.answer(
                GROUP,
                Attached.newBuilder()
                        .setConnection(session.connection())
                        .setMember(true)
                        .setRightsOnly(true));
    }

    private List<Attach> attaches() {
        return bench.commands.stream()
                .filter(ConversationCommand::hasAttach)
                .map(ConversationCommand::getAttach)
                .toList();
    }
}
