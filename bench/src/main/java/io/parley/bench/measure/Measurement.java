package io.parley.bench.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.audit.Report;

/** What a load has shown. */
public interface Measurement {
    /** One JSON object. */
    String json();

    /** Lines for people. */
    String text();

    /** Whether the platform refused nothing, and everything came where it had to come. */
    boolean isClean();

    /** Adds how often each anomaly was found. */
    static void putAnomalies(ObjectNode root, Report report) {
        ObjectNode anomalies = root.putObject("anomalies");
        report.findings().forEach((anomaly, finding) -> anomalies.put(anomaly.title(), finding.count()));
    }
}
