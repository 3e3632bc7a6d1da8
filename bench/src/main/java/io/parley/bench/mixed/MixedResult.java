package io.parley.bench.mixed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.audit.Report;
import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.Measurement;
import java.util.Locale;

/**
 * What a load of everything has shown.
 *
 * @param load what was asked
 * @param said messages that devices said
 * @param skipped messages that nobody said, because too many of the speaker's were not answered
 * @param acknowledged messages and changes that the platform took
 * @param delivered events that came to others, each once
 * @param refused messages that were refused for good, or not answered until the end
 * @param unrest what devices did besides, in words
 * @param report of the audit
 */
record MixedResult(
        MixedLoad load,
        long said,
        long skipped,
        long acknowledged,
        long delivered,
        long refused,
        String unrest,
        Report report)
        implements Measurement {

    @Override
    public String json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("offeredPerSecond", load.ratePerSecond());
        root.put("saidPerSecond", perSecond(said));
        root.put("skipped", skipped);
        root.put("acknowledged", acknowledged);
        root.put("delivered", delivered);
        root.put("refused", refused);
        Measurement.putAnomalies(root, report);
        ArrayNode examples = root.putArray("examples");
        report.findings()
                .forEach((anomaly, finding) -> finding.examples().forEach(example -> {
                    ObjectNode one = examples.addObject();
                    one.put("anomaly", anomaly.title());
                    one.put("conversation", example.conversation());
                    one.put("seq", example.seq());
                    one.put("what", example.what());
                }));
        return root.toString();
    }

    @Override
    public String text() {
        return String.format(
                        Locale.ROOT,
                        "%d pairs and %d groups, %.0f messages/s of %d wanted, for %d s; %d skipped%n%s%n",
                        load.pairs(),
                        load.groups(),
                        perSecond(said),
                        load.ratePerSecond(),
                        load.seconds(),
                        skipped,
                        unrest)
                + String.format(
                        Locale.ROOT,
                        "acknowledged %d, delivered %d, refused %d%n%s",
                        acknowledged,
                        delivered,
                        refused,
                        report.describe());
    }

    private double perSecond(long count) {
        return Latencies.rounded((double) count / (load.warmupSeconds() + load.seconds()));
    }

    @Override
    public boolean isClean() {
        return refused == 0 && report.isClean();
    }
}
