package io.parley.bench.peers.report;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A comparison as tables in Markdown, which are read on a terminal, too. */
public final class Table {
    private static final String NONE = "–";

    private Table() {}

    public static String of(Comparison comparison) {
        StringBuilder text = new StringBuilder();
        text.append(headline(comparison)).append("\n\n");
        text.append(speed(comparison)).append('\n');
        text.append(cost(comparison)).append('\n');
        text.append(crashes(comparison)).append('\n');
        text.append(promises(comparison));
        comparison.leftOut().forEach(line -> text.append('\n').append(line).append('\n'));
        comparison.peers().stream()
                .filter(peer -> !peer.trouble().isEmpty())
                .forEach(peer -> text.append('\n')
                        .append(peer.facts().name())
                        .append(" failed: ")
                        .append(peer.trouble())
                        .append('\n'));
        return text.toString();
    }

    /** When and where. */
    static String headline(Comparison comparison) {
        Machine machine = comparison.machine();
        Size size = comparison.size();
        return String.format(
                Locale.ROOT,
                "%s, %s, %d processors for server and load generator, %d GiB, load average %.1f before the run; %d connections, %d-byte texts, %d rounds of %d s for each rate.",
                comparison.date(),
                machine.processor(),
                machine.processors(),
                Math.round(machine.memoryMiB() / 1024.0),
                machine.loadAverage(),
                size.accounts(),
                size.textBytes(),
                size.rounds(),
                size.seconds());
    }

    private static String speed(Comparison comparison) {
        List<Integer> rates = comparison.size().rates();
        StringJoiner head = row().add("one on one, p50 / p99 in ms");
        rates.forEach(rate -> head.add(String.format(Locale.ROOT, "%,d/s", rate)));
        head.add("highest rate held, p99 ≤ 500 ms");
        StringBuilder table = begin(head, rates.size() + 2);
        for (PeerFigures peer : comparison.peers()) {
            StringJoiner line = row().add(peer.facts().name());
            rates.forEach(rate ->
                    line.add(pair(peer.mean(rate, LoadFigures::p50Millis), peer.mean(rate, LoadFigures::p99Millis))));
            line.add(String.format(Locale.ROOT, "%,d/s", peer.highestRate()));
            table.append(line).append('\n');
        }
        return table.toString();
    }

    private static String cost(Comparison comparison) {
        Size size = comparison.size();
        StringJoiner head = row().add("cost");
        size.rates().forEach(rate -> head.add(String.format(Locale.ROOT, "CPU per message at %,d/s, µs", rate)));
        head.add("memory, MiB")
                .add("per idle connection, KiB")
                .add("group of " + size.groupMembers() + ", p50 / p99 in ms")
                .add("CPU per delivery in it, µs")
                .add(String.format(Locale.ROOT, "catching up %,d, s", size.missed()));
        StringBuilder table = begin(head, size.rates().size() + 6);
        for (PeerFigures peer : comparison.peers()) {
            StringJoiner line = row().add(peer.facts().name());
            size.rates().forEach(rate -> line.add(number(peer.mean(rate, LoadFigures::serverMicros), "%,.0f")));
            Memory memory = peer.memory();
            line.add(memory == null ? NONE : String.format(Locale.ROOT, "%,.0f", memory.mib()));
            line.add(memory == null ? NONE : String.format(Locale.ROOT, "%.0f", memory.kibEach()));
            LoadFigures group = peer.group();
            line.add(
                    group == null || !group.held()
                            ? NONE
                            : pair(OptionalDouble.of(group.p50Millis()), OptionalDouble.of(group.p99Millis())));
            line.add(group == null ? NONE : String.format(Locale.ROOT, "%,.0f", group.serverMicros()));
            line.add(caughtUp(peer.catchUp()));
            table.append(line).append('\n');
        }
        return table.toString();
    }

    private static String caughtUp(@Nullable CatchUp catchUp) {
        if (catchUp == null) {
            return NONE;
        }
        Tally tally = catchUp.tally();
        String seconds = String.format(Locale.ROOT, "%.2f", catchUp.seconds());
        return tally.isClean()
                ? seconds
                : String.format(Locale.ROOT, "%s, of %,d sent %,d missing", seconds, tally.sent(), tally.missing());
    }

    private static String crashes(Comparison comparison) {
        StringBuilder table = begin(
                row().add("kill -9 under load")
                        .add("acknowledged")
                        .add("missing")
                        .add("of these in the archive")
                        .add("doubled")
                        .add("out of order")
                        .add("back after, s"),
                7);
        for (PeerFigures peer : comparison.peers()) {
            Crash crash = peer.crash();
            StringJoiner line = row().add(peer.facts().name());
            if (crash == null) {
                line.add(NONE).add(NONE).add(NONE).add(NONE).add(NONE).add(NONE);
            } else {
                Tally tally = crash.tally();
                line.add(tally.acknowledged() + " of " + tally.sent())
                        .add(Long.toString(tally.missing()))
                        .add(tally.missing() == 0 ? NONE : Integer.toString(crash.inArchive()))
                        .add(Long.toString(tally.doubled()))
                        .add(Long.toString(tally.outOfOrder()))
                        .add(String.format(Locale.ROOT, "%.1f", crash.backSeconds()));
            }
            table.append(line).append('\n');
        }
        return table.toString();
    }

    private static String promises(Comparison comparison) {
        StringBuilder table = begin(
                row().add("set-up")
                        .add("version")
                        .add("differs from its defaults")
                        .add("acknowledged means")
                        .add("order")
                        .add("archive")
                        .add("group"),
                7);
        for (PeerFigures peer : comparison.peers()) {
            Facts facts = peer.facts();
            table.append(row().add(facts.name())
                            .add(facts.version())
                            .add(facts.setup())
                            .add(facts.durable())
                            .add(facts.order())
                            .add(facts.archive())
                            .add(facts.group()))
                    .append('\n');
        }
        return table.toString();
    }

    private static StringJoiner row() {
        return new StringJoiner(" | ", "| ", " |");
    }

    private static StringBuilder begin(StringJoiner head, int columns) {
        return new StringBuilder()
                .append(head)
                .append('\n')
                .append("|---".repeat(columns))
                .append("|\n");
    }

    private static String pair(OptionalDouble first, OptionalDouble second) {
        return first.isEmpty() ? NONE : number(first, "%,.1f") + " / " + number(second, "%,.1f");
    }

    private static String number(OptionalDouble value, String format) {
        return value.isEmpty() ? NONE : String.format(Locale.ROOT, format, value.getAsDouble());
    }
}
