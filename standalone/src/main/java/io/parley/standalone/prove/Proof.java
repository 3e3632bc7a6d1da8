package io.parley.standalone.prove;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What faults and a load have shown.
 *
 * @param seed repeats the schedule
 * @param seconds of load
 * @param faults those that were drawn
 * @param acknowledged messages and changes that the platform took
 * @param delivered events that came to others than their senders
 * @param refused messages that were refused for good, or not answered until the end
 * @param anomalies how often the audit found which
 * @param examples the first of each, in words, with conversation and seq
 */
public record Proof(
        long seed,
        int seconds,
        List<Struck> faults,
        long acknowledged,
        long delivered,
        long refused,
        Map<String, Long> anomalies,
        List<String> examples) {

    public Proof {
        faults = List.copyOf(faults);
        anomalies = Map.copyOf(anomalies);
        examples = List.copyOf(examples);
    }

    /**
     * With what the bench has measured.
     *
     * @param measured its JSON
     */
    public static Proof of(long seed, int seconds, List<Struck> faults, Config measured) {
        Map<String, Long> anomalies = new TreeMap<>();
        measured.getObject("anomalies")
                .forEach((name, count) -> anomalies.put(name, ((Number) count.unwrapped()).longValue()));
        List<String> examples = measured.getConfigList("examples").stream()
                .map(one -> one.getString("anomaly") + ": " + one.getString("conversation") + " seq "
                        + one.getInt("seq") + ": " + one.getString("what"))
                .toList();
        return new Proof(
                seed,
                seconds,
                faults,
                measured.getLong("acknowledged"),
                measured.getLong("delivered"),
                measured.getLong("refused"),
                anomalies,
                examples);
    }

    public boolean isClean() {
        return anomalies.isEmpty() && refused == 0;
    }

    /** One JSON object. */
    public String json() {
        List<Object> drawn = new ArrayList<>();
        for (Struck fault : faults) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("atSeconds", fault.planned().atSeconds());
            one.put("kind", fault.planned().kind());
            one.put("target", fault.planned().target());
            if (fault.planned().lastsSeconds() > 0) {
                one.put("lastsSeconds", fault.planned().lastsSeconds());
            }
            if (fault.happened()) {
                one.put("recoverySeconds", fault.recoverySeconds());
            } else {
                one.put("skipped", fault.skipped());
            }
            drawn.add(one);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("seed", seed);
        root.put("seconds", seconds);
        root.put("faults", drawn);
        root.put("acknowledged", acknowledged);
        root.put("delivered", delivered);
        root.put("refused", refused);
        root.put("anomalies", anomalies);
        root.put("examples", examples);
        List<Double> all = recoveries(faults);
        root.put("recoverySeconds", Map.of("median", median(all), "max", longest(all)));
        return ConfigValueFactory.fromMap(root).render(ConfigRenderOptions.concise());
    }

    /** A page for people. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format("seed %d, %d s, %d faults drawn", seed, seconds, faults.size()));
        lines.add(String.format("%-24s %6s %22s", "kind", "times", "recovery median, max"));
        Map<String, List<Struck>> byKind = new TreeMap<>(faults.stream()
                .filter(Struck::happened)
                .collect(Collectors.groupingBy(fault -> fault.planned().kind())));
        byKind.forEach((kind, struck) -> {
            List<Double> took = recoveries(struck);
            lines.add(String.format(
                    Locale.ROOT, "%-24s %6d %11.1f s %7.1f s", kind, struck.size(), median(took), longest(took)));
        });
        faults.stream()
                .filter(fault -> !fault.happened())
                .map(fault -> fault.planned().kind() + " skipped: " + fault.skipped())
                .distinct()
                .forEach(lines::add);
        lines.add(String.format("acknowledged %d, delivered %d, refused %d", acknowledged, delivered, refused));
        lines.add(
                anomalies.isEmpty()
                        ? "no anomalies"
                        : new TreeMap<>(anomalies)
                                .entrySet().stream()
                                        .map(anomaly -> anomaly.getKey() + ": " + anomaly.getValue())
                                        .collect(Collectors.joining(", ")));
        lines.addAll(examples);
        return String.join("\n", lines);
    }

    private static List<Double> recoveries(List<Struck> struck) {
        return struck.stream()
                .filter(Struck::happened)
                .map(Struck::recoverySeconds)
                .sorted()
                .toList();
    }

    private static double median(List<Double> sorted) {
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    private static double longest(List<Double> sorted) {
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() - 1);
    }
}
