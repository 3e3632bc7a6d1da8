package io.parley.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.audit.Report;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/**
 * What a load has shown.
 *
 * @param load what was asked
 * @param deliveredPerSecond deliveries to others than the sender, per second of the measured part
 * @param deliveryMicros from a message's due time to each of its deliveries
 * @param pubackMicros from a message's due time to its PUBACK
 * @param cpuMicrosPerDelivered CPU time per delivery of each server process; none of one that cannot be read, as on another machine
 * @param residentMiB memory of each server process at the end
 * @param refused messages that were not accepted: refused, or not answered until the end
 * @param report of the audit
 */
record BenchResult(
        Load load,
        double deliveredPerSecond,
        Histogram deliveryMicros,
        Histogram pubackMicros,
        Map<String, Double> cpuMicrosPerDelivered,
        Map<String, Long> residentMiB,
        long refused,
        Report report) {
    private static final List<String> ROLES = List.of("broker", "engine", "kafka", "cassandra");

    String json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("offeredPerSecond", load.ratePerSecond());
        root.put("deliveredPerSecond", rounded(deliveredPerSecond));
        latency(root.putObject("delivery"), deliveryMicros);
        latency(root.putObject("puback"), pubackMicros);
        ObjectNode cpu = root.putObject("cpuMicrosPerDelivered");
        ROLES.stream()
                .filter(cpuMicrosPerDelivered::containsKey)
                .forEach(role -> cpu.put(role, rounded(cpuMicrosPerDelivered.getOrDefault(role, 0.0))));
        total().ifPresent(total -> cpu.put("total", rounded(total)));
        ObjectNode rss = root.putObject("rssMiB");
        residentMiB.forEach(rss::put);
        root.put("refused", refused);
        ObjectNode anomalies = root.putObject("anomalies");
        report.findings().forEach((anomaly, finding) -> anomalies.put(anomaly.title(), finding.count()));
        return root.toString();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%d devices in %d conversations of %d, %s, %d messages/s for %d s%s%n",
                load.devices(),
                load.conversations(),
                load.groupSize(),
                load.encoding().name().toLowerCase(Locale.ROOT),
                load.ratePerSecond(),
                load.seconds(),
                load.receipts() ? ", with receipts" : ""));
        text.append(String.format(Locale.ROOT, "delivered per second   %.0f%n", deliveredPerSecond));
        text.append("publish to delivery    ").append(describe(deliveryMicros)).append('\n');
        text.append("publish to PUBACK      ").append(describe(pubackMicros)).append('\n');
        cpuMicrosPerDelivered.forEach((role, micros) ->
                text.append(String.format(Locale.ROOT, "cpu per delivery       %-10s %8.1f µs%n", role, micros)));
        total().ifPresent(total ->
                text.append(String.format(Locale.ROOT, "cpu per delivery       %-10s %8.1f µs%n", "total", total)));
        residentMiB.forEach((role, mib) ->
                text.append(String.format(Locale.ROOT, "memory                 %-10s %8d MiB%n", role, mib)));
        if (refused > 0) {
            text.append("refused                ").append(refused).append('\n');
        }
        return text.append(report.describe()).toString();
    }

    /** Whether every message was accepted, and everything came where it was to come. */
    boolean isClean() {
        return refused == 0 && report.isClean();
    }

    /** Of all of them; empty when one could not be read, as less than all is no total. */
    private OptionalDouble total() {
        return cpuMicrosPerDelivered.keySet().containsAll(ROLES)
                ? OptionalDouble.of(ROLES.stream()
                        .mapToDouble(role -> cpuMicrosPerDelivered.getOrDefault(role, 0.0))
                        .sum())
                : OptionalDouble.empty();
    }

    private static String describe(Histogram micros) {
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, max %.1f ms",
                millis(micros, 50),
                millis(micros, 99),
                millis(micros, 99.9),
                millis(micros, 100));
    }

    private static void latency(ObjectNode node, Histogram micros) {
        node.put("p50Millis", millis(micros, 50));
        node.put("p99Millis", millis(micros, 99));
        node.put("p999Millis", millis(micros, 99.9));
        node.put("maxMillis", millis(micros, 100));
    }

    private static double millis(Histogram micros, double percentile) {
        return rounded(micros.getValueAtPercentile(percentile) / 1e3);
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
