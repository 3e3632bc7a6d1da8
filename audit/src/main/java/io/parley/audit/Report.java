package io.parley.audit;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an audit found.
 *
 * @param findings per anomaly how often and the first examples; no entry for one that was not found
 */
public record Report(Map<Anomaly, Finding> findings) {
    private static final int MOST_EXAMPLES = 5;

    /**
     * Where an anomaly was seen.
     *
     * @param conversation its id; empty when it is of none
     * @param seq of the entry that shows it; 0 when no single entry does
     * @param what happened, in words
     */
    public record Example(String conversation, int seq, String what) {
        @Override
        public String toString() {
            return conversation.isEmpty() ? what : conversation + ": " + what;
        }
    }

    /**
     * @param count how often
     * @param examples the first five, at least one
     */
    public record Finding(long count, List<Example> examples) {
        public Finding {
            examples = List.copyOf(examples);
        }

        Finding plus(Finding more) {
            return new Finding(
                    count + more.count,
                    Stream.concat(examples.stream(), more.examples.stream())
                            .limit(MOST_EXAMPLES)
                            .toList());
        }
    }

    public Report {
        findings = Map.copyOf(findings);
    }

    public static Report clean() {
        return new Report(Map.of());
    }

    /** One anomaly that was found once, and is of no conversation. */
    public static Report of(Anomaly anomaly, String what) {
        return of(anomaly, new Example("", 0, what));
    }

    /** One anomaly that was found once. */
    public static Report of(Anomaly anomaly, Example example) {
        return new Report(Map.of(anomaly, new Finding(1, List.of(example))));
    }

    public boolean isClean() {
        return findings.isEmpty();
    }

    /** How often an anomaly was found. */
    public long count(Anomaly anomaly) {
        Finding finding = findings.get(anomaly);
        return finding == null ? 0 : finding.count();
    }

    /** The first examples of an anomaly; none if it was not found. */
    public List<Example> examples(Anomaly anomaly) {
        Finding finding = findings.get(anomaly);
        return finding == null ? List.of() : finding.examples();
    }

    /** Both reports in one. */
    public Report plus(Report other) {
        Map<Anomaly, Finding> sum = new EnumMap<>(Anomaly.class);
        sum.putAll(findings);
        other.findings.forEach((anomaly, finding) -> sum.merge(anomaly, finding, Finding::plus));
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
                                + e.getValue().examples().get(0))
                        .collect(Collectors.joining("\n"));
    }
}
