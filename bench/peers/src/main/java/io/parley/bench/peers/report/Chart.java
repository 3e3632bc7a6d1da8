package io.parley.bench.peers.report;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A comparison as bars, in SVG. Lengths are logarithmic, since the servers differ by powers of ten; each bar has its figure. */
public final class Chart {
    private static final int LEFT = 150;
    private static final int BAR_WIDTH = 420;
    private static final int BAR_HEIGHT = 14;
    private static final int ROW_HEIGHT = 20;
    private static final int PANEL_HEAD = 44;
    private static final int WIDTH = LEFT + BAR_WIDTH + 90;
    private static final int CHART_RATE = 1_000;

    /** One bar; without a value it says so. */
    private record Bar(String name, OptionalDouble value) {}

    private final StringBuilder svg = new StringBuilder();
    private int y = 16;

    private Chart() {}

    public static String of(Comparison comparison) {
        Chart chart = new Chart();
        List<PeerFigures> peers = comparison.peers();
        int rate = comparison.size().rates().contains(CHART_RATE)
                ? CHART_RATE
                : comparison.size().rates().get(0);
        String at = String.format(Locale.ROOT, " at %,d messages/s", rate);
        chart.panel(
                "Median latency" + at + ", ms (less is better)",
                bars(peers, peer -> peer.mean(rate, LoadFigures::p50Millis)));
        chart.panel(
                "99th percentile" + at + ", ms (less is better)",
                bars(peers, peer -> peer.mean(rate, LoadFigures::p99Millis)));
        chart.panel("Highest rate held, messages/s (more is better)", bars(peers, Chart::highest));
        chart.panel(
                "CPU per message" + at + ", µs (less is better)",
                bars(peers, peer -> peer.mean(rate, LoadFigures::serverMicros)));
        chart.panel("Deliveries lost by kill -9, of those acknowledged (less is better)", bars(peers, Chart::lost));
        return chart.finish(comparison);
    }

    private interface Figure {
        OptionalDouble of(PeerFigures peer);
    }

    private static List<Bar> bars(List<PeerFigures> peers, Figure figure) {
        return peers.stream()
                .map(peer -> new Bar(peer.facts().name(), figure.of(peer)))
                .toList();
    }

    private static OptionalDouble highest(PeerFigures peer) {
        return peer.highestRate() == 0 ? OptionalDouble.empty() : OptionalDouble.of(peer.highestRate());
    }

    private static OptionalDouble lost(PeerFigures peer) {
        Crash crash = peer.crash();
        return crash == null
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) crash.tally().missing() - crash.inArchive());
    }

    private void panel(String title, List<Bar> bars) {
        double most =
                bars.stream().mapToDouble(bar -> bar.value().orElse(0)).max().orElse(0);
        double least = bars.stream()
                .mapToDouble(bar -> bar.value().orElse(most))
                .filter(value -> value > 0)
                .min()
                .orElse(1);
        y += 24;
        svg.append(
                String.format(Locale.ROOT, "<text x=\"16\" y=\"%d\" class=\"title\">%s</text>%n", y, escaped(title)));
        y += PANEL_HEAD - 36;
        for (Bar bar : bars) {
            bar(bar, least, most);
            y += ROW_HEIGHT;
        }
    }

    private void bar(Bar bar, double least, double most) {
        int base = y + BAR_HEIGHT - 3;
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" class=\"name\">%s</text>%n",
                LEFT - 8,
                base,
                escaped(bar.name())));
        int length = bar.value().isEmpty() ? 0 : length(bar.value().getAsDouble(), least, most);
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"%s\"/>%n",
                LEFT,
                y,
                length,
                BAR_HEIGHT,
                bar.name().equals("parley") ? "own" : "other"));
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\">%s</text>%n",
                LEFT + length + 6,
                base,
                bar.value().isEmpty() ? "not held" : figure(bar.value().getAsDouble())));
    }

    /** From a twentieth of the width for the least to the whole for the most; nothing for 0. */
    static int length(double value, double least, double most) {
        if (value <= 0) {
            return 0;
        }
        double span = Math.log(most / least);
        double share = span <= 0 ? 1 : Math.log(value / least) / span;
        return (int) Math.round(BAR_WIDTH * (0.05 + 0.95 * share));
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, value < 100 && value != Math.rint(value) ? "%.1f" : "%,.0f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private String finish(Comparison comparison) {
        y += 28;
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"16\" y=\"%d\" class=\"note\">%s, %s, %d processors; logarithmic lengths</text>%n",
                y,
                escaped(comparison.date()),
                escaped(comparison.machine().processor()),
                comparison.machine().processors()));
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" font-family="sans-serif" font-size="12">
                <style>
                text { fill: #222 } .title { font-weight: bold } .name { text-anchor: end } .note { fill: #666; font-size: 10px }
                .own { fill: #0b6e4f } .other { fill: #9aa5b1 }
                </style>
                <rect width="100%%" height="100%%" fill="#fff"/>
                %3$s</svg>
                """, WIDTH, y + 16, svg);
    }
}
