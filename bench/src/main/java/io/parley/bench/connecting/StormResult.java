package io.parley.bench.connecting;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.audit.Report;
import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.Measurement;
import io.parley.bench.measure.ServerFigures;
import java.util.Locale;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;

/**
 * What the return of all devices has shown. It begins when the first device connects; with a node that is killed, when that is gone.
 *
 * @param load what was asked
 * @param firstMillis from the beginning to the first CONNACK; empty when there was none
 * @param connected devices that have a CONNACK
 * @param connackMicros from the beginning to the CONNACK of each device
 * @param attemptMicros from the beginning of each device's last attempt to its CONNACK
 * @param synchronisedMicros from the beginning to when each device had everything; none of a device that has not
 * @param tally of the answers
 * @param notAccepted messages that were refused, or not answered until the end
 * @param servers CPU time for each device
 * @param report of the audit
 */
public record StormResult(
        StormLoad load,
        OptionalLong firstMillis,
        int connected,
        Histogram connackMicros,
        Histogram attemptMicros,
        Histogram synchronisedMicros,
        Tally tally,
        int notAccepted,
        ServerFigures servers,
        Report report)
        implements Measurement {

    @Override
    public String json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("devices", load.devices());
        root.put("conversationsEach", load.conversationsEach());
        root.put("movedEach", load.movedEach());
        root.put("nodeKilled", load.killNode());
        firstMillis.ifPresent(millis -> root.put("firstConnackMillis", millis));
        root.put("connected", connected);
        root.put("synchronised", synchronisedMicros.getTotalCount());
        Latencies.put(root.putObject("connack"), connackMicros);
        Latencies.put(root.putObject("lastAttempt"), attemptMicros);
        Latencies.put(root.putObject("synchronisation"), synchronisedMicros);
        tally.put(root);
        root.put("messagesNotAccepted", notAccepted);
        servers.put(root, "cpuMicrosPerDevice");
        Measurement.putAnomalies(root, report);
        return root.toString();
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d devices in %d conversations each, of which %d moved, %s, all come back at once%s%n",
                load.devices(),
                load.conversationsEach(),
                load.movedEach(),
                load.encoding().name().toLowerCase(Locale.ROOT),
                load.killNode() ? " when their node is killed" : ""));
        firstMillis.ifPresent(
                millis -> text.append("first CONNACK          ").append(millis).append(" ms\n"));
        text.append("connected              ").append(connected).append('\n');
        text.append("synchronised           ")
                .append(synchronisedMicros.getTotalCount())
                .append('\n');
        text.append("start to CONNACK       ")
                .append(Latencies.describe(connackMicros))
                .append('\n');
        text.append("attempt to CONNACK     ")
                .append(Latencies.describe(attemptMicros))
                .append('\n');
        text.append("start to synchronised  ")
                .append(Latencies.describe(synchronisedMicros))
                .append('\n');
        text.append(tally.describe());
        Tally.line(text, "messages not accepted", notAccepted);
        return text.append(servers.describe("device")).append(report.describe()).toString();
    }

    @Override
    public boolean isClean() {
        return tally.isClean()
                && connected == load.devices()
                && synchronisedMicros.getTotalCount() == load.devices()
                && notAccepted == 0
                && report.isClean();
    }
}
