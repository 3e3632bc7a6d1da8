package io.parley.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.protocol.ConversationId;
import io.parley.protocol.LogPartition;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HistoryAgeTest {
    private static final long ASKED = Duration.ofHours(1).toNanos();
    private static final Duration LIMIT = Duration.ofSeconds(4);

    @Test
    void an_age_grows_from_the_question_on() {
        HistoryAge age = new HistoryAge(ASKED, 1, Map.of(0, 1500L), LIMIT);

        assertThatCode(() -> age.require(group(0, 1), after(2500))).doesNotThrowAnyException();
        assertBehind(age, group(0, 1), after(2501));
    }

    @Test
    void a_conversation_is_read_when_its_own_partition_is_written() {
        HistoryAge age = new HistoryAge(ASKED, 2, Map.of(0, 100L, 1, 60_000L), LIMIT);

        assertThatCode(() -> age.require(group(0, 2), after(0))).doesNotThrowAnyException();
        assertBehind(age, group(1, 2), after(0));
        assertThat(age.isWithinLimit(after(0))).isFalse();
    }

    @Test
    void a_partition_of_which_no_writer_has_told_is_behind() {
        HistoryAge age = new HistoryAge(ASKED, 2, Map.of(0, 100L), LIMIT);

        assertThatCode(() -> age.require(group(0, 2), after(0))).doesNotThrowAnyException();
        assertBehind(age, group(1, 2), after(0));
        assertThat(age.isWithinLimit(after(0))).isFalse();
    }

    @Test
    void without_any_writer_everything_is_behind() {
        HistoryAge age = new HistoryAge(ASKED, 0, Map.of(), LIMIT);

        assertBehind(age, group(0, 1), after(0));
        assertThat(age.isWithinLimit(after(0))).isFalse();
    }

    @Test
    void a_conversation_of_two_is_read_however_old_history_is() {
        HistoryAge never = new HistoryAge(ASKED, 0, Map.of(), LIMIT);

        assertThatCode(() -> never.require(ConversationId.parse("ann~ben"), after(60_000)))
                .doesNotThrowAnyException();
    }

    @Test
    void a_time_in_the_future_proves_nothing_and_clocks_may_differ_by_a_second() {
        assertBehind(new HistoryAge(ASKED, 1, Map.of(0, -1001L), LIMIT), group(0, 1), after(0));
        HistoryAge apart = new HistoryAge(ASKED, 1, Map.of(0, -1000L), LIMIT);

        assertThatCode(() -> apart.require(group(0, 1), after(4000))).doesNotThrowAnyException();
        assertBehind(apart, group(0, 1), after(4001));
    }

    private static void assertBehind(HistoryAge age, ConversationId id, long nowNanos) {
        assertThatThrownBy(() -> age.require(id, nowNanos)).isInstanceOf(HistoryBehindException.class);
    }

    private static long after(long millis) {
        return ASKED + Duration.ofMillis(millis).toNanos();
    }

    private static ConversationId group(int partition, int partitions) {
        return IntStream.range(0, 1000)
                .mapToObj(number -> ConversationId.parse("g%012d".formatted(number)))
                .filter(id -> LogPartition.of(id, partitions) == partition)
                .findFirst()
                .orElseThrow();
    }
}
