package io.parley.gateway.delivering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Absence;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.SessionOpened;
import org.junit.jupiter.api.Test;

/** What still comes to the device of a user who was removed, and who may have been added again. */
final class RemovedMemberTest {
    private final DeliveryBench bench = new DeliveryBench();
    private final RecordedLink link = new RecordedLink("ann/phone", 3);
    private final DeviceSession session = bench.connect(link);

    @Test
    void a_removed_user_gets_everything_up_to_the_removal_and_nothing_after_it() {
        ConversationId group = ConversationId.parse("g0123456789ab");
        bench.attach(session, group, 1, 0, 0);
        bench.live(group, 1, 4);
        bench.removal(group, 5, UserId.parse("ann"));
        bench.live(group, 6, 7);
        assertThat(link.seqs()).containsExactly(1, 2, 3);

        bench.acknowledge(link, 0, 1, 2);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);
        bench.acknowledge(link, 3, 4);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);

        assertThat(link.seqs()).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void who_was_removed_and_added_again_while_behind_gets_both_times_and_nothing_between() {
        ConversationId group = ConversationId.parse("g0123456789ab");
        bench.attach(session, group, 1, 0, 0);
        bench.live(group, 1, 4);
        bench.removal(group, 5, UserId.parse("ann"));
        bench.live(group, 6, 8);
        bench.answerWildcard(session, group, 8, 9);
        bench.live(group, 9, 10);

        bench.acknowledge(link, 0, 1, 2);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);
        bench.acknowledge(link, 3, 4);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);

        assertThat(link.seqs()).containsExactly(1, 2, 3, 4, 5, 9, 10);
    }

    @Test
    void who_was_removed_while_behind_gets_nothing_beyond_once_history_has_brought_them_there() {
        ConversationId group = ConversationId.parse("g0123456789ab");
        bench.attach(session, group, 1, 0, 1);
        bench.removal(group, 2, UserId.parse("ann"));
        bench.store(group, 1, 1);
        bench.shard.pass(100);
        assertThat(link.seqs()).containsExactly(1, 2);

        bench.live(group, 3, 3);

        assertThat(link.seqs()).containsExactly(1, 2);
        assertThat(bench.detached())
                .as("its acknowledgements are still to come")
                .isEmpty();
        bench.acknowledge(link, 0, 1);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);
        assertThat(bench.reported(group)).containsExactly(2);
        bench.live(group, 4, 4);
        assertThat(bench.detached()).as("nobody wants what comes now").containsExactly(1L);
        assertThat(link.seqs()).containsExactly(1, 2);
    }

    @Test
    void who_comes_back_while_removed_gets_the_rest_and_then_nothing() {
        ConversationId group = ConversationId.parse("g0123456789ab");
        bench.store(group, 1, 8);
        RecordedLink back = new RecordedLink("ann/phone", 2);
        DeviceSession again = resumed(back, group);
        bench.answer(group, returning(again, 1, 8).setMember(false).addAbsences(absence(5, 0)));
        bench.live(group, 9, 9);
        assertThat(back.seqs()).containsExactly(2, 3);

        bench.acknowledge(back, 0, 1);
        assertThat(back.seqs()).containsExactly(2, 3, 4);
        bench.acknowledge(back, 2);
        bench.shard.pass(DeliveryBench.TICK_MILLIS);
        assertThat(bench.reported(group)).containsExactly(4);
        assertThat(bench.detached()).isEmpty();
        bench.live(group, 10, 10);
        assertThat(bench.detached()).as("nobody wants what comes now").containsExactly(1L);
        assertThat(back.seqs()).containsExactly(2, 3, 4);
    }

    @Test
    void who_was_away_when_removed_and_added_again_gets_both_times_and_nothing_between() {
        ConversationId group = ConversationId.parse("g0123456789ab");
        bench.store(group, 1, 12);
        RecordedLink back = new RecordedLink("ann/phone", 3);
        DeviceSession again = resumed(back, group);
        bench.answer(group, returning(again, 1, 12).addAbsences(absence(3, 6)).addAbsences(absence(8, 10)));
        bench.acknowledge(back, 0, 1, 2);
        bench.live(group, 13, 13);

        assertThat(back.seqs()).containsExactly(2, 7, 11, 12, 13);
    }

    @Test
    void who_was_removed_twice_while_behind_gets_nothing_of_either_time() {
        ConversationId group = ConversationId.parse("g0123456789ab");
        RecordedLink back = new RecordedLink("ann/phone", 3);
        DeviceSession again = resumed(back, group);
        bench.answer(group, returning(again, 0, 0));
        back.writable = false;
        bench.live(group, 1, 1);
        bench.removal(group, 2, UserId.parse("ann"));
        bench.live(group, 3, 4);
        bench.removal(group, 5, UserId.parse("ann"));
        bench.live(group, 6, 7);
        bench.answer(group, returning(again, 0, 7).addAbsences(absence(3, 3)).addAbsences(absence(6, 6)));
        bench.live(group, 8, 8);
        back.writable = true;
        again.writable();
        bench.shard.run();
        bench.acknowledge(back, 0, 1, 2);

        assertThat(back.seqs()).containsExactly(1, 2, 4, 5, 7, 8);
    }

    private DeviceSession resumed(RecordedLink on, ConversationId group) {
        return bench.connect(
                on,
                false,
                SessionOpened.newBuilder()
                        .setPresent(true)
                        .setSession(1)
                        .addSubscriptions(DeliveryBench.options("chat/" + group + "/msg", 1)));
    }

    private static Attached.Builder returning(DeviceSession session, int cursor, int head) {
        return DeliveryBench.positive(session, cursor, head).setWildcard(true);
    }

    private static Absence absence(int from, int to) {
        return Absence.newBuilder().setFrom(from).setTo(to).build();
    }
}
