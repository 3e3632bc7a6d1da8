package io.parley.audit;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an audit found.
 *
 * @param findings per anomaly how often and the first example; no entry for one that was not found
 */
public record Report(Map<Anomaly, Finding> findings) {
    /**
     * @param count how often
     * @param example the first one, in words
     */
    public record Finding(long count, String example) {}

    public Report {
        findings = Map.copyOf(findings);
    }

    public static Report clean() {
        return new Report(Map.of());
    }

    /** One anomaly that was found once. */
    public static Report of(Anomaly anomaly, String example) {
        return new Report(Map.of(anomaly, new Finding(1, example)));
    }

    public boolean isClean() {
        return findings.isEmpty();
    }

    /** Both reports in one. */
    public Report plus(Report other) {
        Map<Anomaly, Finding> sum = new EnumMap<>(Anomaly.class);
        sum.putAll(findings);
        other.findings.forEach((anomaly, finding) ->
                sum.merge(anomaly, finding, (one, more) -> new Finding(one.count() + more.count(), one.example())));
        return new Report(sum);
    }

    /** One line per anomaly, or {@code no anomalies}. */
    public String describe() {
        if (isClean()) {
            return "no anomalies";
        }
        return new EnumMap<>(findings)
                .entrySet().stream()
                        .map(e -> e.getKey().title() + ": " + e.getValue().count() + ", such as "
                                + e.getValue().example())
                        .collect(Collectors.joining("\n"));
    }
}
