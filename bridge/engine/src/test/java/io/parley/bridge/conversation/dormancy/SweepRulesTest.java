package io.parley.bridge.conversation.dormancy;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.DueRows;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.conversation.summary.SummaryRulesTest;
import io.parley.bridge.conversation.window.Sweep;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.PurgeDelivered;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.SweepConversation;
import io.parley.protocol.log.TellSignals;
import io.parley.protocol.wire.Describe;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.SetRetention;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a conversation forgets, and when. */
final class SweepRulesTest {
    private static final Duration DORMANCY = ConversationLimits.defaults().dormancy();
    private static final UserId BEN = UserId.parse("ben");

    private final PlayedConversation group = PlayedConversation.group();

    @Test
    void an_idle_conversation_shrinks_to_its_head_members_and_pointers() {
        keepForEver();
        talk(200);
        everybodyReads();
        assertThat(families()).contains("d", "w", "e");

        sleep();

        assertThat(families()).doesNotContain("d", "w", "n").contains("g", "h", "m", "p");
        onlyTheNewestHaveMarks();
        assertThat(group.rows.keys("E|")).as("nothing is left that could end").isEmpty();
    }

    @Test
    void it_comes_back_with_the_next_event() {
        keepForEver();
        int last = talk(200);
        everybodyReads();
        sleep();

        int next = group.says("ann", "good morning").seq();

        assertThat(next).isEqualTo(last + 1);
        assertThat(unread(BEN)).isEqualTo(1);
        assertThat(group.edits("ann", next, "good evening").events()).hasSize(1);
        assertThat(group.reacts("ben", 40, "👍").error()).as("far back").isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(DueRows.due(group.rows, Long.MAX_VALUE / 2, 9)).hasSize(1);
    }

    @Test
    void what_a_member_has_not_read_stays_known() {
        keepForEver();
        int last = talk(200);
        read("ann", last);
        read("cid", last);
        read("ben", 100);
        int before = unread(BEN);

        sleep();

        assertThat(unread(BEN)).isEqualTo(before).isPositive();
        assertThat(group.store.said(64)).isNull();
        assertThat(group.store.said(101)).isNotNull();
    }

    @Test
    void what_expired_goes_though_nobody_read_it() {
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setSetRetention(SetRetention.newBuilder().setDays(1)));
        talk(100);
        sleep();
        assertThat(group.rows.keys("w|")).isEmpty();
        onlyTheNewestHaveMarks();
        assertThat(unread(BEN)).isZero();
    }

    @Test
    void ids_of_who_is_silent_go_while_others_write() {
        group.says("ben", "the only one");
        group.later(DORMANCY.minusDays(1));
        group.says("ann", "still here");
        group.later(Duration.ofDays(2));
        sweepAll();
        assertThat(group.rows.keys("d|" + PlayedConversation.GROUP + "|ben|")).isEmpty();
        assertThat(group.rows.keys("d|" + PlayedConversation.GROUP + "|ann|")).isNotEmpty();
    }

    @Test
    void pointers_of_who_left_go() {
        int seq = group.says("ann", "hi").seq();
        read("ben", seq);
        group.does("ben", ConversationCommand.newBuilder().setLeave(Leave.getDefaultInstance()));
        assertThat(group.rows.keys("p|" + PlayedConversation.GROUP + "|ben")).hasSize(1);
        sleep();
        assertThat(group.rows.keys("p|" + PlayedConversation.GROUP + "|ben")).isEmpty();
    }

    @Test
    void a_decision_looks_at_no_more_rows_than_a_slice_and_goes_on_behind_them() {
        keepForEver();
        talk(3_000);
        everybodyReads();
        int rows = group.rows.keys("").size();
        assertThat(rows).isGreaterThan(2 * Sweep.SLICE);

        group.later(DORMANCY.plusSeconds(1));
        int slices = 0;
        do {
            int before = group.rows.keys("").size();
            sweep();
            slices++;
            assertThat(before - group.rows.keys("").size()).isLessThanOrEqualTo(Sweep.SLICE);
        } while (!group.store.head().getSwept().isEmpty());
        assertThat(slices).isGreaterThan(1);
        assertThat(group.rows.keys("w|")).isEmpty();
        onlyTheNewestHaveMarks();
    }

    @Test
    void a_sweep_before_its_time_changes_nothing() {
        talk(40);
        var before = group.rows.content();
        sweep();
        assertThat(group.rows.content()).isEqualTo(before);
    }

    @Test
    void both_times_of_a_conversation_are_found_in_their_order() {
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setSetRetention(SetRetention.newBuilder().setUntilDelivered(Nothing.getDefaultInstance())));
        assertThat(DueRows.due(group.rows, Long.MAX_VALUE / 2, 9))
                .extracting(DueRows.Due::sweep)
                .containsExactly(false, true);
        group.does("", ConversationCommand.newBuilder().setPurgeDelivered(PurgeDelivered.getDefaultInstance()));
        assertThat(DueRows.due(group.rows, Long.MAX_VALUE / 2, 9))
                .extracting(DueRows.Due::sweep)
                .containsExactly(true);
    }

    private void keepForEver() {
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setSetRetention(SetRetention.newBuilder().setForever(Nothing.getDefaultInstance())));
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setDescribe(Describe.newBuilder().setDescription("a group")));
    }

    /** Each tenth message gets a reaction. Returns the last seq. */
    private int talk(int messages) {
        int seq = 0;
        for (int i = 0; i < messages; i++) {
            seq = group.says(i % 3 == 0 ? "cid" : "ann", "hi").seq();
            if (i % 10 == 0) {
                seq = group.reacts("ben", seq, "👍").seq();
            }
        }
        return seq;
    }

    private void everybodyReads() {
        int head = group.store.head().getSeq();
        List.of("ann", "ben", "cid").forEach(user -> read(user, head));
    }

    private void read(String user, int seq) {
        group.does(
                "",
                ConversationCommand.newBuilder()
                        .setReportCursors(ReportCursors.newBuilder()
                                .addCursors(Cursor.newBuilder()
                                        .setUser(user)
                                        .setDevice("d")
                                        .setRead(seq))));
        group.does("", ConversationCommand.newBuilder().setTellSignals(TellSignals.getDefaultInstance()));
    }

    /** Those in the head, which is there anyway. */
    private void onlyTheNewestHaveMarks() {
        int newest = group.store.head().getNewest().getFirstSeq();
        assertThat(group.rows.keys("e|")).allMatch(key -> Integer.parseInt(key.split("\\|", -1)[3]) >= newest);
    }

    private int unread(UserId user) {
        return SummaryRulesTest.summary(new ConversationRules(ConversationLimits.defaults())
                        .decide(group.store, SummaryRulesTest.summarize(user.value()), group.nowMillis()))
                .getSummary()
                .getUnread();
    }

    private void sleep() {
        group.later(DORMANCY.plusSeconds(1));
        sweepAll();
    }

    private void sweepAll() {
        do {
            sweep();
        } while (!group.store.head().getSwept().isEmpty());
    }

    private void sweep() {
        group.does("", ConversationCommand.newBuilder().setSweepConversation(SweepConversation.getDefaultInstance()));
    }

    private List<String> families() {
        return group.rows.keys("").stream()
                .map(key -> key.substring(0, 1))
                .distinct()
                .sorted()
                .toList();
    }
}
