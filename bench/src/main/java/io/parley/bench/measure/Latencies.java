package io.parley.bench.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Histograms of microseconds, up to ten minutes, and how they are shown. */
public final class Latencies {
    private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(10);

    private Latencies() {}

    /** An empty one, for many threads. */
    public static ConcurrentHistogram empty() {
        return new ConcurrentHistogram(MOST_MICROS, 3);
    }

    /** Records a duration; one above the limit counts as the limit. */
    public static void record(ConcurrentHistogram histogram, long nanos) {
        long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
        histogram.recordValue(Math.max(0, Math.min(micros, MOST_MICROS)));
    }

    /** One line. */
    public static String describe(Histogram micros) {
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, max %.1f ms",
                millis(micros, 50),
                millis(micros, 99),
                millis(micros, 99.9),
                millis(micros, 100));
    }

    /** The same as fields. */
    public static void put(ObjectNode node, Histogram micros) {
        node.put("p50Millis", millis(micros, 50));
        node.put("p99Millis", millis(micros, 99));
        node.put("p999Millis", millis(micros, 99.9));
        node.put("maxMillis", millis(micros, 100));
    }

    /** To two decimal places. */
    public static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private static double millis(Histogram micros, double percentile) {
        return rounded(micros.getValueAtPercentile(percentile) / 1e3);
    }
}
