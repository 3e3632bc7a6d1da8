package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.SettledConversation;
import io.parley.protocol.log.UserCommand.CommandCase;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When the engine is told that a device has everything of a conversation, and that its connection does without. */
final class SettlingTest {
    private static final ConversationId GROUP = ConversationId.parse("g0123456789ab");
    private static final String NAMED = "chat/" + GROUP + "/msg";
    private static final long IDLE_MILLIS = TimeUnit.NANOSECONDS.toMillis(Routes.IDLE_NANOS);
    /** Longer than from one look for idle conversations to the next. */
    private static final long LOOK_MILLIS = 2 * 64 * DeliveryBench.TICK_MILLIS;

    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 3);
    private final DeviceSession session = bench.connect(link);

    @Test
    void a_device_settles_when_it_has_caught_up_for_the_first_time_and_not_with_what_comes_then() {
        bench.store(GROUP, 1, 3);
        bench.attach(session, GROUP, 1, 0, 3);
        bench.shard.pass(3 * DeliveryBench.TICK_MILLIS);
        assertThat(settled()).as("nothing is acknowledged yet").isEmpty();
        bench.acknowledge(link, 0, 1, 2);
        bench.shard.pass(3 * DeliveryBench.TICK_MILLIS);
        assertThat(settled()).containsExactly(3);

        bench.live(GROUP, 4, 5);
        bench.acknowledge(link, 3, 4);
        bench.shard.pass(3 * DeliveryBench.TICK_MILLIS);

        assertThat(bench.reported(GROUP)).endsWith(5);
        assertThat(settled()).containsExactly(3);
        assertThat(bench.left()).as("it is attached").isEmpty();
    }

    @Test
    void the_end_settles_what_came_since_and_tells_the_user_machine_before_it_is_told_of_the_end() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        bench.live(GROUP, 1, 1);
        bench.acknowledge(link, 0);
        bench.userCommands.clear();

        session.disconnected(OptionalLong.empty());
        bench.shard.run();

        assertThat(settled()).containsExactly(0, 1);
        assertThat(bench.left()).containsExactly(settled(GROUP, 1));
        assertThat(bench.userCommands)
                .extracting(command -> command.getCommandCase())
                .containsExactly(CommandCase.SETTLED, CommandCase.DEVICE_DISCONNECTED);
        assertThat(bench.userCommands.get(0).getOrigin()).isEqualTo(session.origin());
    }

    @Test
    void the_end_says_nothing_to_a_conversation_in_which_nothing_came_since() {
        bench.store(GROUP, 1, 2);
        bench.attach(session, GROUP, 1, 0, 2);
        bench.acknowledge(link, 0, 1);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        bench.commands.clear();

        session.disconnected(OptionalLong.empty());
        bench.shard.run();

        assertThat(bench.commands).isEmpty();
        assertThat(bench.left()).containsExactly(settled(GROUP, 2));
    }

    @Test
    void a_device_that_is_behind_settles_at_its_end_alone_with_what_it_acknowledged() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.live(GROUP, 1, 5);
        bench.acknowledge(link, 0);
        bench.shard.pass(3 * DeliveryBench.TICK_MILLIS);
        assertThat(link.seqs()).containsExactly(1, 2, 3, 4);
        assertThat(bench.reported(GROUP)).containsExactly(1);
        assertThat(settled()).isEmpty();

        session.disconnected(OptionalLong.empty());
        bench.shard.run();

        assertThat(settled()).containsExactly(1);
        assertThat(bench.farewells()).hasSize(1);
        assertThat(bench.left())
                .as("the user machine is woken by the conversation")
                .isEmpty();
    }

    @Test
    void what_was_settled_is_settled_below_the_head_if_more_came_and_was_not_acknowledged() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        bench.live(GROUP, 1, 2);
        bench.acknowledge(link, 0);

        session.disconnected(OptionalLong.empty());
        bench.shard.run();

        assertThat(settled()).containsExactly(0, 1);
        assertThat(bench.left()).isEmpty();
    }

    @Test
    void an_end_whose_reports_the_log_does_not_take_settles_nothing_at_the_user_machine() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.live(GROUP, 1, 1);
        bench.acknowledge(link, 0);
        bench.logIsOut = true;
        session.disconnected(OptionalLong.empty());
        bench.shard.run();

        bench.logIsOut = false;
        bench.shard.pass(3 * DeliveryBench.TICK_MILLIS);

        assertThat(bench.farewells()).hasSize(1);
        assertThat(bench.farewells().get(0).getIncomplete()).isTrue();
        assertThat(settled()).as("the conversation hears it later").containsExactly(1);
        assertThat(bench.left()).isEmpty();
    }

    @Test
    void the_user_machine_hears_nothing_before_the_log_has_the_reports() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.live(GROUP, 1, 1);
        bench.acknowledge(link, 0);
        bench.holdLog();
        session.disconnected(OptionalLong.empty());
        bench.shard.run();
        assertThat(settled()).containsExactly(1);
        assertThat(bench.left()).isEmpty();

        bench.releaseLog();

        assertThat(bench.left()).containsExactly(settled(GROUP, 1));
    }

    @Test
    void a_settlement_that_the_log_has_not_answered_yet_is_waited_for() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.holdLog();
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        assertThat(settled()).as("it is on its way").containsExactly(0);
        session.disconnected(OptionalLong.empty());
        bench.shard.run();
        assertThat(bench.left()).isEmpty();
        assertThat(bench.farewells()).isEmpty();

        bench.releaseLog();

        assertThat(settled()).containsExactly(0);
        assertThat(bench.left()).containsExactly(settled(GROUP, 0));
        assertThat(bench.farewells()).hasSize(1);
    }

    @Test
    void a_farewell_that_the_log_does_not_take_is_said_again_in_its_order() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        bench.userCommands.clear();
        bench.logIsOut = true;
        // Nothing is left to report, and so it is complete.
        session.disconnected(OptionalLong.empty());
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        assertThat(bench.userCommands).isEmpty();

        bench.logIsOut = false;
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);

        assertThat(bench.userCommands)
                .extracting(command -> command.getCommandCase())
                .containsExactly(CommandCase.SETTLED, CommandCase.DEVICE_DISCONNECTED);
    }

    @Test
    void after_ten_idle_minutes_a_connection_leaves_the_conversation_and_its_route_ends() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.live(GROUP, 1, 1);
        bench.acknowledge(link, 0);
        bench.shard.pass(IDLE_MILLIS);
        assertThat(bench.left()).isEmpty();
        assertThat(bench.detached()).isEmpty();

        bench.shard.pass(LOOK_MILLIS);

        assertThat(settled()).containsExactly(1);
        assertThat(bench.left()).containsExactly(settled(GROUP, 1));
        assertThat(bench.detached()).containsExactly(1L);
        bench.live(GROUP, 2, 2);
        assertThat(link.seqs()).containsExactly(1);
        bench.shard.pass(2 * IDLE_MILLIS);
        assertThat(bench.left()).as("once").hasSize(1);
    }

    @Test
    void what_woke_the_user_machine_comes_and_is_settled_anew() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.shard.pass(IDLE_MILLIS + LOOK_MILLIS);
        assertThat(settled()).containsExactly(0);
        bench.store(GROUP, 1, 1);
        bench.answer(
                GROUP, DeliveryBench.positive(session, 0, 1).setWildcard(true).setWoken(true));
        bench.live(GROUP, 2, 2);
        assertThat(link.seqs()).containsExactly(1, 2);

        bench.acknowledge(link, 0, 1);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);

        assertThat(settled()).containsExactly(0, 2);
    }

    @Test
    void an_event_between_the_settlement_and_the_leaving_keeps_the_connection_attached() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        bench.live(GROUP, 1, 1);
        bench.acknowledge(link, 0);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        assertThat(settled()).containsExactly(0);
        bench.holdLog();
        bench.shard.pass(IDLE_MILLIS + LOOK_MILLIS);
        assertThat(settled()).containsExactly(0, 1);

        bench.live(GROUP, 2, 2);
        bench.releaseLog();
        bench.live(GROUP, 3, 3);

        assertThat(bench.left()).isEmpty();
        assertThat(bench.detached()).isEmpty();
        assertThat(link.seqs()).containsExactly(1, 2, 3);
    }

    @Test
    void a_settlement_that_the_log_does_not_take_leaves_the_connection_attached() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        bench.live(GROUP, 1, 1);
        bench.acknowledge(link, 0);
        bench.shard.pass(IDLE_MILLIS);
        bench.logIsOut = true;
        bench.shard.pass(LOOK_MILLIS / 2);
        assertThat(bench.left()).isEmpty();

        bench.live(GROUP, 2, 2);
        assertThat(link.seqs()).containsExactly(1, 2);
    }

    @Test
    void who_named_the_conversation_to_see_who_is_there_stays() {
        bench.subscribe(session, "chat/" + GROUP + "/#", 1, permission -> {});
        bench.answer(session, GROUP, 0, 0);
        bench.shard.pass(3 * IDLE_MILLIS);

        bench.live(GROUP, 1, 1);

        assertThat(link.seqs()).containsExactly(1);
        assertThat(bench.left()).isEmpty();
        assertThat(bench.detached()).isEmpty();
    }

    @Test
    void a_device_that_is_behind_stays_however_long_nothing_comes() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.live(GROUP, 1, 1);
        bench.shard.pass(3 * IDLE_MILLIS);

        assertThat(settled()).isEmpty();
        assertThat(bench.left()).isEmpty();
        bench.live(GROUP, 2, 2);
        assertThat(link.seqs()).containsExactly(1, 2);
    }

    @Test
    void who_is_removed_settles_nothing() {
        bench.attach(session, GROUP, 1, 0, 0);
        bench.removal(GROUP, 1, UserId.parse("ann"));
        bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        session.disconnected(OptionalLong.empty());
        bench.shard.run();

        assertThat(bench.farewells()).hasSize(1);
        assertThat(settled()).isEmpty();
        assertThat(bench.left()).isEmpty();
    }

    @Test
    void signals_are_to_wake_whoever_subscribed_to_receipts_or_typing() {
        for (String feed : List.of("msg", "receipt", "typing", "presence")) {
            ConversationId of = ConversationId.parse("ann~" + feed);
            bench.subscribe(session, "chat/" + of + "/msg", 1, permission -> {});
            bench.subscribe(session, "chat/" + of + "/" + feed, 0, permission -> {});
            bench.answer(session, of, 0, 0);
            bench.shard.pass(2 * DeliveryBench.TICK_MILLIS);
        }

        assertThat(bench.settlements()).extracting(Cursor::getSignals).containsExactly(false, true, true, false);
    }

    @Test
    void where_many_connections_of_a_shard_are_each_settles_at_its_end_alone() {
        List<DeviceSession> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RecordedLink one = new RecordedLink("u" + i + "/phone", 3);
            all.add(bench.connect(one, false, SessionOpened.newBuilder().setSession(2)));
            bench.subscribe(all.get(i), NAMED, 1, permission -> {});
        }
        all.forEach(one -> bench.answer(one, GROUP, 0, 0));
        bench.shard.pass(3 * DeliveryBench.TICK_MILLIS);
        assertThat(settled()).isEmpty();

        all.get(0).disconnected(OptionalLong.empty());
        bench.shard.run();

        assertThat(bench.settlements()).extracting(Cursor::getUser).containsExactly("u0");
    }

    private List<Integer> settled() {
        return bench.settlements().stream().map(Cursor::getSettled).toList();
    }

    private static SettledConversation settled(ConversationId conversation, int seq) {
        return SettledConversation.newBuilder()
                .setConversation(conversation.value())
                .setSeq(seq)
                .build();
    }
}
