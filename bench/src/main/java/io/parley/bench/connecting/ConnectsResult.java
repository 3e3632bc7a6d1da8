package io.parley.bench.connecting;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.audit.Report;
import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.Measurement;
import io.parley.bench.measure.ServerFigures;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What connecting at a fixed rate has shown.
 *
 * @param load what was asked
 * @param connackMicros from when a connect was due to its CONNACK
 * @param arrivalMicros from when a connect was due to the arrival of the message that was sent to the device before
 * @param tally of the answers, those before the measured part included
 * @param skipped connects that were not made, because the device was not back from the one before
 * @param notConnected devices that have no CONNACK at the end
 * @param notAccepted messages that were refused, or not answered until the end
 * @param servers CPU time for each connect, with its message
 * @param report of the audit
 */
public record ConnectsResult(
        ConnectsLoad load,
        Histogram connackMicros,
        Histogram arrivalMicros,
        Tally tally,
        int skipped,
        long notConnected,
        int notAccepted,
        ServerFigures servers,
        Report report)
        implements Measurement {

    @Override
    public String json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("connectsPerSecond", load.connectsPerSecond());
        root.put("connects", connackMicros.getTotalCount());
        Latencies.put(root.putObject("connack"), connackMicros);
        Latencies.put(root.putObject("message"), arrivalMicros);
        tally.put(root);
        root.put("skipped", skipped);
        root.put("notConnected", notConnected);
        root.put("messagesNotAccepted", notAccepted);
        servers.put(root, "cpuMicrosPerConnect");
        Measurement.putAnomalies(root, report);
        return root.toString();
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d devices in %d conversations each, %s, %d connects/s for %d s%n",
                load.devices(),
                load.conversationsEach(),
                load.encoding().name().toLowerCase(Locale.ROOT),
                load.connectsPerSecond(),
                load.seconds()));
        text.append("connects               ")
                .append(connackMicros.getTotalCount())
                .append('\n');
        text.append("connect to CONNACK     ")
                .append(Latencies.describe(connackMicros))
                .append('\n');
        text.append("connect to message     ")
                .append(Latencies.describe(arrivalMicros))
                .append('\n');
        text.append(tally.describe());
        Tally.line(text, "connects skipped", skipped);
        Tally.line(text, "not connected", notConnected);
        Tally.line(text, "messages not accepted", notAccepted);
        return text.append(servers.describe("connect"))
                .append(report.describe())
                .toString();
    }

    @Override
    public boolean isClean() {
        return tally.isClean() && notConnected == 0 && notAccepted == 0 && report.isClean();
    }
}
