package io.parley.bench.pushing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.bench.measure.Payloads;
import io.parley.bench.pushing.SinkFile.Accepted;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of the counterparts, and what it means. */
final class PushPartsTest {
    @TempDir
    private Path folder;

    private static String line(String token, String body) {
        return "{\"at\":\"2026-11-27T10:00:00.123456Z\",\"platform\":\"APNS\",\"token\":\"" + token + "\",\"body\":\""
                + body + "\"}\n";
    }

    @Test
    void only_what_is_added_is_read_in_whole_lines_and_after_a_new_file_began() throws Exception {
        Path file = Files.writeString(folder.resolve("sink"), line("before", "1"));
        try (SinkFile sink = SinkFile.end(file)) {
            assertThat(sink.read()).isEmpty();
            String first = line("a", "1 x");
            Files.writeString(file, first.substring(0, 40), StandardOpenOption.APPEND);
            assertThat(sink.read()).isEmpty();
            Files.writeString(file, first.substring(40) + line("b", "2 x"), StandardOpenOption.APPEND);
            assertThat(sink.read()).extracting(Accepted::token).containsExactly("a", "b");

            Files.writeString(file, line("c", "3 x"), StandardOpenOption.APPEND);
            Files.move(file, folder.resolve("sink.1"));
            Files.writeString(file, line("d", "4 x"));
            List<Accepted> came = sink.read();
            assertThat(came).extracting(Accepted::token).containsExactly("c", "d");
            assertThat(came.get(0).atMicros())
                    .isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse("2026-11-27T10:00:00.123456Z")));
        }
    }

    @Test
    void without_counterparts_there_is_nothing_to_measure() {
        assertThatThrownBy(() -> SinkFile.end(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void what_was_not_sent_is_replaced_by_something_newer_or_missing() {
        // A second of 4 messages before, and one that is measured; 2 conversations of one writer and 2 others.
        PushLoad load = new PushLoad(6, 8, 1, 1, 3);
        assertThat(load.messages()).isEqualTo(8);
        PushLedger ledger = new PushLedger(load, 7);
        var unused = ledger.start();
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        for (int k = 0; k < 8; k++) {
            ledger.answered(k != 7);
            int first = k % 2 * 2;
            if (k != 4) {
                ledger.accepted(new Accepted(now, ledger.token(first), "bench-w: " + Payloads.text(k), k));
            }
            if (k < 6) {
                ledger.accepted(new Accepted(now, ledger.token(first + 1), Payloads.text(k), k));
            }
        }
        ledger.accepted(new Accepted(now, ledger.token(0), Payloads.text(6), 6));
        ledger.accepted(new Accepted(now, "another's", Payloads.text(6), 6));

        assertThat(ledger.replaced())
                .as("4 at the first of the first conversation")
                .isEqualTo(1);
        assertThat(ledger.missing()).as("6 and 7 at the second of each").isEqualTo(2);
        assertThat(ledger.repeated()).isEqualTo(1);
        assertThat(ledger.notAccepted()).isEqualTo(1);
        assertThat(ledger.latencyMicros().getTotalCount()).isEqualTo(5);
        assertThat(ledger.isComplete()).isFalse();
    }
}
