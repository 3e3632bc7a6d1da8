package io.parley.standalone.prove;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What faults and a load have shown.
 *
 * @param seed repeats the schedule
 * @param seconds of load
 * @param faults those that struck
 * @param acknowledged messages that the platform took
 * @param delivered deliveries of them to others than their senders
 * @param anomalies how often the audit found which
 * @param examples the first of each, in words, with conversation and seq
 * @param refused messages that were refused for good, or not answered until the end
 * @param recoverySeconds after each fault until all processes could serve
 */
public record Proof(
        long seed,
        int seconds,
        List<Planned> faults,
        long acknowledged,
        long delivered,
        Map<String, Long> anomalies,
        List<String> examples,
        long refused,
        List<Double> recoverySeconds) {

    public Proof {
        faults = List.copyOf(faults);
        anomalies = Map.copyOf(anomalies);
        examples = List.copyOf(examples);
        recoverySeconds = recoverySeconds.stream().sorted().toList();
    }

    /**
     * With what the bench has measured.
     *
     * @param measured its JSON
     */
    public static Proof of(
            long seed, int seconds, List<Planned> faults, Config measured, List<Double> recoverySeconds) {
        Map<String, Long> anomalies = new TreeMap<>();
        measured.getObject("anomalies")
                .forEach((name, count) -> anomalies.put(name, ((Number) count.unwrapped()).longValue()));
        return new Proof(
                seed,
                seconds,
                faults,
                measured.getLong("acknowledged"),
                measured.getLong("delivered"),
                anomalies,
                measured.getConfigList("examples").stream()
                        .map(one -> one.getString("anomaly") + ": " + one.getString("conversation") + " seq "
                                + one.getInt("seq") + ": " + one.getString("what"))
                        .toList(),
                measured.getLong("refused"),
                recoverySeconds);
    }

    public boolean isClean() {
        return anomalies.isEmpty() && refused == 0;
    }

    /** One JSON object. */
    public String json() {
        List<Object> struck = new ArrayList<>();
        for (Planned fault : faults) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("atSeconds", fault.atSeconds());
            one.put("kind", fault.kind());
            one.put("target", fault.target());
            if (fault.lastsSeconds() > 0) {
                one.put("lastsSeconds", fault.lastsSeconds());
            }
            struck.add(one);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("seed", seed);
        root.put("seconds", seconds);
        root.put("faults", struck);
        root.put("acknowledged", acknowledged);
        root.put("delivered", delivered);
        root.put("refused", refused);
        root.put("anomalies", anomalies);
        root.put("examples", examples);
        root.put("recoverySeconds", Map.of("median", median(), "max", longest()));
        return ConfigValueFactory.fromMap(root).render(ConfigRenderOptions.concise());
    }

    /** Lines for people. */
    public String text() {
        String found = anomalies.isEmpty()
                ? "no anomalies"
                : new TreeMap<>(anomalies)
                        .entrySet().stream()
                                .map(anomaly -> anomaly.getKey() + ": " + anomaly.getValue())
                                .collect(Collectors.joining(", "));
        return String.format(
                "seed %d, %d s, %d faults; all could serve again after %.1f s (median), %.1f s (longest)%n"
                        + "acknowledged %d, delivered %d, refused %d%n%s",
                seed,
                seconds,
                faults.size(),
                median(),
                longest(),
                acknowledged,
                delivered,
                refused,
                String.join("\n", Stream.concat(Stream.of(found), examples.stream()).toList()));
    }

    private double median() {
        return recoverySeconds.isEmpty() ? 0 : recoverySeconds.get(recoverySeconds.size() / 2);
    }

    private double longest() {
        return recoverySeconds.isEmpty() ? 0 : recoverySeconds.get(recoverySeconds.size() - 1);
    }
}
