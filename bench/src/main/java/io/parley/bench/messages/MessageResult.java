package io.parley.bench.messages;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.audit.Report;
import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.Measurement;
import io.parley.bench.measure.ServerFigures;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a load has shown.
 *
 * @param load what was asked
 * @param deliveredPerSecond deliveries to others than the sender, per second of the measured part
 * @param deliveryMicros from a message's due time to each of its deliveries
 * @param pubackMicros from a message's due time to its PUBACK
 * @param servers CPU time for each delivery
 * @param refused messages that were not accepted: refused, or not answered until the end
 * @param report of the audit
 */
public record MessageResult(
        Load load,
        double deliveredPerSecond,
        Histogram deliveryMicros,
        Histogram pubackMicros,
        ServerFigures servers,
        long refused,
        Report report)
        implements Measurement {

    @Override
    public String json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("offeredPerSecond", load.ratePerSecond());
        root.put("deliveredPerSecond", Latencies.rounded(deliveredPerSecond));
        Latencies.put(root.putObject("delivery"), deliveryMicros);
        Latencies.put(root.putObject("puback"), pubackMicros);
        root.put("acknowledged", pubackMicros.getTotalCount());
        root.put("delivered", deliveryMicros.getTotalCount());
        servers.put(root, "cpuMicrosPerDelivered");
        root.put("refused", refused);
        Measurement.putAnomalies(root, report);
        return root.toString();
    }

    /** One line about the load. */
    String describe() {
        return String.format(
                Locale.ROOT,
                "%d devices in %d conversations of %d, %s, %d messages/s for %d s%s%n",
                load.devices(),
                load.conversations(),
                load.groupSize(),
                load.encoding().name().toLowerCase(Locale.ROOT),
                load.ratePerSecond(),
                load.seconds(),
                load.receipts() ? ", with receipts" : "");
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder(describe());
        text.append(String.format(Locale.ROOT, "delivered per second   %.0f%n", deliveredPerSecond));
        text.append("publish to delivery    ")
                .append(Latencies.describe(deliveryMicros))
                .append('\n');
        text.append("publish to PUBACK      ")
                .append(Latencies.describe(pubackMicros))
                .append('\n');
        text.append(servers.describe("delivery"));
        if (refused > 0) {
            text.append("refused                ").append(refused).append('\n');
        }
        return text.append(report.describe()).toString();
    }

    @Override
    public boolean isClean() {
        return refused == 0 && report.isClean();
    }
}
