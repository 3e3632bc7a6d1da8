package io.parley.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.log.SlotNote;
import io.parley.protocol.log.SlotNote.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What notes about slots mean. */
final class SlotTableTest {
    private record Entry(long offset, long millis, SlotNote note) {}

    private final List<Entry> log = new ArrayList<>();
    private final SlotTable table = new SlotTable();
    private long nowMillis = 1_000_000;

    @Test
    void the_first_that_takes_a_free_slot_holds_it() {
        long first = say(Kind.TAKE, "one", 0);
        say(Kind.TAKE, "two", 0);

        assertThat(table.lease(0)).hasValueSatisfying(lease -> {
            assertThat(lease.process()).isEqualTo("one");
            assertThat(lease.epoch()).isEqualTo(SlotTable.FIRST_EPOCH + first);
        });
    }

    @Test
    void a_lease_that_was_released_is_over_and_is_not_renewed() {
        long epoch = SlotTable.FIRST_EPOCH + say(Kind.TAKE, "one", 0);
        say(Kind.RELEASE, "one", epoch);
        say(Kind.RENEW, "one", epoch);

        assertThat(table.isFree(0)).isTrue();
        assertThat(table.isOver(0, epoch)).isTrue();
    }

    @Test
    void doubts_end_a_lease_only_if_they_are_of_one_process_and_no_renewal_comes_between() {
        long epoch = SlotTable.FIRST_EPOCH + say(Kind.TAKE, "one", 0);
        for (int i = 0; i < SlotTable.DOUBTS - 1; i++) {
            say(Kind.DOUBT, "two", epoch);
            say(Kind.DOUBT, "three", epoch);
        }
        say(Kind.RENEW, "one", epoch);
        for (int i = 0; i < SlotTable.DOUBTS - 1; i++) {
            say(Kind.DOUBT, "two", epoch);
        }
        say(Kind.DOUBT, "two", epoch - 1);
        assertThat(table.isOver(0, epoch)).isFalse();

        say(Kind.DOUBT, "two", epoch);

        assertThat(table.isOver(0, epoch)).isTrue();
        assertThat(table.isFree(0)).isTrue();
    }

    @Test
    void a_lease_that_is_not_renewed_for_minutes_may_be_taken_or_renewed_whichever_comes_first() {
        long epoch = SlotTable.FIRST_EPOCH + say(Kind.TAKE, "one", 0);
        nowMillis += SlotTable.LONGEST_MILLIS + 1;
        say(Kind.RENEW, "one", epoch);
        assertThat(table.lease(0))
                .hasValueSatisfying(lease -> assertThat(lease.process()).isEqualTo("one"));

        nowMillis += SlotTable.LONGEST_MILLIS + 1;
        say(Kind.TAKE, "two", 0);
        say(Kind.RENEW, "one", epoch);

        assertThat(table.lease(0))
                .hasValueSatisfying(lease -> assertThat(lease.process()).isEqualTo("two"));
        assertThat(table.isOver(0, epoch)).isTrue();
    }

    @Test
    void a_reader_of_the_rest_of_the_log_comes_to_the_same_answer_wherever_it_begins() {
        long epoch = SlotTable.FIRST_EPOCH + say(Kind.TAKE, "one", 0);
        for (int i = 0; i < 20; i++) {
            nowMillis += 2_000;
            say(i % 3 == 0 ? Kind.TAKE : Kind.RENEW, i % 3 == 0 ? "two" : "one", i % 3 == 0 ? 0 : epoch);
        }
        say(Kind.RENEW, "one", epoch);

        for (int from = 0; from < log.size(); from++) {
            SlotTable late = new SlotTable();
            log.subList(from, log.size()).forEach(entry -> late.read(entry.offset(), entry.millis(), entry.note()));
            assertThat(late.lease(0)).as("from %s", from).isEqualTo(table.lease(0));
            assertThat(late.isOver(0, epoch)).isFalse();
        }
    }

    @Test
    void lives_of_nodes_with_epochs_of_their_clocks_are_over_when_their_slot_is_taken() {
        assertThat(table.isOver(0, 1_790_000_000_000L)).isFalse();
        say(Kind.TAKE, "one", 0);

        assertThat(table.isOver(0, 1_790_000_000_000L)).isTrue();
        assertThat(table.isOver(1, 1_790_000_000_000L)).isFalse();
        assertThat(table.isOver(1, SlotTable.FIRST_EPOCH + 7))
                .as("of a log that is lost")
                .isTrue();
    }

    private long say(Kind kind, String process, long epoch) {
        SlotNote note = SlotNote.newBuilder()
                .setKind(kind)
                .setProcess(process)
                .setEpoch(epoch)
                .build();
        log.add(new Entry(log.size(), nowMillis, note));
        table.read(log.size() - 1L, nowMillis, note);
        return log.size() - 1L;
    }
}
