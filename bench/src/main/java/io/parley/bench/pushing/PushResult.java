package io.parley.bench.pushing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.Measurement;
import io.parley.bench.measure.ServerFigures;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What notifying at a fixed rate has shown.
 *
 * @param load what was asked
 * @param latencyMicros from when a message was due to the acceptance of a notification of it
 * @param perSecond accepted notifications
 * @param replaced notifications that were not sent, because a newer one of their conversation went instead
 * @param missing notifications that did not come, and nothing newer
 * @param repeated notifications that were accepted again
 * @param notAccepted messages that were refused, or not answered
 * @param servers CPU time for each notification
 */
record PushResult(
        PushLoad load,
        Histogram latencyMicros,
        double perSecond,
        long replaced,
        long missing,
        long repeated,
        int notAccepted,
        ServerFigures servers)
        implements Measurement {

    static PushResult of(PushLoad load, PushLedger ledger, ServerFigures servers) {
        return new PushResult(
                load,
                ledger.latencyMicros(),
                ledger.latencyMicros().getTotalCount() / ledger.measuredSeconds(),
                ledger.replaced(),
                ledger.missing(),
                ledger.repeated(),
                ledger.notAccepted(),
                servers);
    }

    @Override
    public String json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("rate", load.notificationsPerSecond());
        root.put("notifications", latencyMicros.getTotalCount());
        root.put("notificationsPerSecond", Latencies.rounded(perSecond));
        Latencies.put(root.putObject("acceptance"), latencyMicros);
        root.put("replaced", replaced);
        root.put("missing", missing);
        root.put("repeated", repeated);
        root.put("messagesNotAccepted", notAccepted);
        servers.put(root, "cpuMicrosPerNotification");
        return root.toString();
    }

    @Override
    public String text() {
        return String.format(
                        Locale.ROOT,
                        "%d users in conversations of %d, %d notifications/s for %d s%n",
                        load.devices(),
                        load.groupSize(),
                        load.notificationsPerSecond(),
                        load.seconds())
                + String.format(Locale.ROOT, "notifications          %8.1f/s%n", perSecond)
                + "message to acceptance  " + Latencies.describe(latencyMicros) + "\n"
                + String.format(
                        Locale.ROOT,
                        "replaced %d, missing %d, repeated %d, messages not accepted %d%n",
                        replaced,
                        missing,
                        repeated,
                        notAccepted)
                + servers.describe("notification");
    }

    @Override
    public boolean isClean() {
        return missing == 0 && repeated == 0 && notAccepted == 0;
    }
}
