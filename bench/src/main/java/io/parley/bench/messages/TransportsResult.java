package io.parley.bench.messages;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.Measurement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** What the same load has shown by both transports. */
public record TransportsResult(MessageResult mqtt, MessageResult http) implements Measurement {
    /** Of both the same, so that what one transport costs the other's process counts, too. */
    private static final List<String> ROLES = List.of("broker", "history", "engine", "kafka", "cassandra");

    @Override
    public String json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("offeredPerSecond", mqtt.load().ratePerSecond());
        put(root.putObject("mqtt"), mqtt);
        put(root.putObject("http"), http);
        return root.toString();
    }

    private static void put(ObjectNode node, MessageResult result) {
        node.put("deliveredPerSecond", Latencies.rounded(result.deliveredPerSecond()));
        Latencies.put(node.putObject("delivery"), result.deliveryMicros());
        Latencies.put(node.putObject("accepted"), result.pubackMicros());
        result.servers().put(node, "cpuMicrosPerDelivered", ROLES);
        node.put("refused", result.refused());
        Measurement.putAnomalies(node, result.report());
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder(mqtt.describe());
        text.append(row("", "MQTT", "HTTP"));
        text.append(row("delivered per second", result -> number(result.deliveredPerSecond())));
        text.append(rows("publish to delivery", MessageResult::deliveryMicros));
        text.append(rows("publish to PUBACK or 201", MessageResult::pubackMicros));
        for (String role : ROLES) {
            text.append(row(
                    "cpu per delivery, " + role,
                    result -> micros(result.servers().cpuMicros(), role)));
        }
        text.append(row(
                "cpu per delivery, total",
                result -> result.servers().total(ROLES).stream()
                        .mapToObj(micros -> number(micros) + " µs")
                        .findFirst()
                        .orElse("-")));
        for (String role : new TreeMap<>(mqtt.servers().residentMiB()).keySet()) {
            text.append(row(
                    "memory, " + role, result -> result.servers().residentMiB().get(role) + " MiB"));
        }
        text.append(row("refused", result -> Long.toString(result.refused())));
        text.append("by MQTT: ").append(mqtt.report().describe()).append('\n');
        return text.append("by HTTP: ").append(http.report().describe()).toString();
    }

    private String rows(String what, Function<MessageResult, Histogram> micros) {
        return row(what + ", p50", result -> percentile(micros.apply(result), 50))
                + row(what + ", p99", result -> percentile(micros.apply(result), 99));
    }

    private static String percentile(Histogram micros, double percentile) {
        return number(micros.getValueAtPercentile(percentile) / 1e3) + " ms";
    }

    private static String micros(Map<String, Double> cpu, String role) {
        Double micros = cpu.get(role);
        return micros == null ? "-" : number(micros) + " µs";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private String row(String what, Function<MessageResult, String> cell) {
        return row(what, cell.apply(mqtt), cell.apply(http));
    }

    private static String row(String what, String mqtt, String http) {
        return String.format(Locale.ROOT, "%-32s %14s %14s%n", what, mqtt, http);
    }

    @Override
    public boolean isClean() {
        return mqtt.isClean() && http.isClean();
    }
}
