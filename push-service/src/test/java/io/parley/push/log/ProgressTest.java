package io.parley.push.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.push.sending.LogPosition;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private final Progress progress = new Progress();

    @Test
    void an_offset_is_told_when_everything_before_it_has_ended() {
        LogPosition first = read(10, 1);
        LogPosition second = read(11, 2);
        read(12, 0);
        assertThat(progress.moved()).isEqualTo(Map.of(0, 10L));

        progress.ended(second);
        progress.ended(second);
        assertThat(progress.moved()).isEmpty();
        progress.ended(first);

        assertThat(progress.moved()).isEqualTo(Map.of(0, 13L));
        assertThat(progress.moved()).isEmpty();
    }

    @Test
    void a_record_has_ended_with_the_last_of_its_deliveries() {
        LogPosition both = read(10, 2);
        progress.ended(both);
        assertThat(progress.moved()).isEqualTo(Map.of(0, 10L));

        progress.ended(both);

        assertThat(progress.moved()).isEqualTo(Map.of(0, 11L));
    }

    @Test
    void what_ends_of_an_earlier_reading_of_the_partition_counts_for_nothing() {
        LogPosition before = read(10, 1);
        progress.forget(Set.of(0));
        LogPosition again = read(10, 1);
        progress.ended(before);
        assertThat(progress.moved()).isEqualTo(Map.of(0, 10L));

        progress.ended(again);

        assertThat(progress.moved()).isEqualTo(Map.of(0, 11L));
    }

    @Test
    void what_was_not_kept_is_told_again() {
        read(10, 0);
        assertThat(progress.moved()).isEqualTo(Map.of(0, 11L));

        progress.tellAgain();

        assertThat(progress.moved()).isEqualTo(Map.of(0, 11L));
    }

    private LogPosition read(long offset, int deliveries) {
        LogPosition position = progress.position(0, offset);
        progress.read(position, deliveries);
        return position;
    }
}
