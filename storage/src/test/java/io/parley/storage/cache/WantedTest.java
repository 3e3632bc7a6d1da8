package io.parley.storage.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WantedTest {
    private static final long NOW = 1_000_000;

    @Test
    void a_row_is_shown_until_its_end_is_near_asked_for_elsewhere_then_and_taken_for_gone_after_it() {
        assertThat(seqs(NOW + 3001)).contains(List.of(1, 2));
        assertThat(seqs(NOW + 3000)).isEmpty();
        assertThat(seqs(NOW - 3000)).isEmpty();
        assertThat(seqs(NOW - 3001)).contains(List.of(1));
    }

    /** Of a stretch whose second row has that end. */
    private static Optional<List<Integer>> seqs(long endsAtMillis) {
        Snapshot snapshot = Snapshot.of(2, 0, List.of(row(1, CachedRow.NEVER), row(2, endsAtMillis)));
        return wanted(1, 2, 0)
                .from(snapshot)
                .map(rows -> rows.stream().map(CachedRow::seq).toList());
    }

    @Test
    void a_stretch_is_found_whole_or_not_at_all() {
        Snapshot snapshot = Snapshot.of(4, 2, List.of(row(2, CachedRow.NEVER), row(3, CachedRow.NEVER)));

        assertThat(wanted(2, 3, 4).from(snapshot)).isPresent();
        assertThat(wanted(2, 3, 5).from(snapshot)).as("a change that it lacks").isEmpty();
        assertThat(wanted(2, 4, 4).from(snapshot)).as("a row that it lacks").isEmpty();
        assertThat(wanted(1, 3, 4).from(snapshot)).as("a row that it lacks").isEmpty();
    }

    @Test
    void what_is_being_purged_is_not_found() {
        Snapshot snapshot = Snapshot.of(3, 0, List.of(row(2, CachedRow.NEVER), row(3, CachedRow.NEVER)));
        Wanted.State state = new Wanted.State(3, 0, 2, NOW);

        assertThat(new Wanted(true, 2, 3, 10, 1000, state).from(snapshot)).isEmpty();
        assertThat(new Wanted(true, 3, 3, 10, 1000, state).from(snapshot)).isPresent();
    }

    @Test
    void rows_read_before_a_change_are_left_out_when_snapshots_meet() {
        Snapshot before = Snapshot.of(5, 0, List.of(row(4, CachedRow.NEVER)));
        Snapshot after = Snapshot.of(7, 6, List.of(row(5, CachedRow.NEVER)));

        assertThat(before.merged(after, 10)).isEqualTo(after).isEqualTo(after.merged(before, 10));
        assertThat(before.merged(Snapshot.of(7, 5, List.of(row(7, CachedRow.NEVER))), 10)
                        .rows())
                .containsOnlyKeys(4, 7);
    }

    @Test
    void a_row_is_the_same_after_it_was_a_value_in_redis() {
        for (CachedRow row : List.of(
                row(7, CachedRow.NEVER), row(8, NOW), CachedRow.gone(9), new CachedRow(3, new byte[] {1}, "", 5))) {
            assertThat(RowCodec.decode(row.seq(), RowCodec.encode(row)))
                    .usingRecursiveComparison()
                    .isEqualTo(row);
        }
        assertThat(RowCodec.decode(1, new byte[] {1, 2, 3})).isNull();
        assertThat(RowCodec.decode(1, new byte[] {7})).isNull();
        assertThat(RowCodec.decode(1, new byte[0])).isNull();
    }

    private static Wanted wanted(int first, int last, int changed) {
        return new Wanted(true, first, last, 10, 1000, new Wanted.State(10, changed, 0, NOW));
    }

    private static CachedRow row(int seq, long endsAtMillis) {
        return new CachedRow(seq, ("row " + seq).getBytes(StandardCharsets.US_ASCII), "edited", endsAtMillis);
    }
}
