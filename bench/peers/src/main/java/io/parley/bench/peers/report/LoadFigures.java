package io.parley.bench.peers.report;

/**
 * One load at a fixed rate. Latencies count from when a message was due. Without a delivery they are 0.
 *
 * @param round of the comparison, from 1
 * @param rate messages per second
 * @param held whether everything came, with the 99th percentile within half a second
 * @param deliveredPerSecond deliveries per second until the last one
 * @param p50Millis from due to delivered, median
 * @param p99Millis the same, 99th percentile
 * @param maxMillis the same, longest
 * @param acknowledgedP50Millis from due to acknowledged, median
 * @param acknowledgedP99Millis the same, 99th percentile
 * @param serverMicros CPU time of all processes of the server for a delivery
 * @param generatorMicros CPU time of the load generator for a delivery
 * @param tally what became of the messages
 */
public record LoadFigures(
        int round,
        int rate,
        boolean held,
        double deliveredPerSecond,
        double p50Millis,
        double p99Millis,
        double maxMillis,
        double acknowledgedP50Millis,
        double acknowledgedP99Millis,
        double serverMicros,
        double generatorMicros,
        Tally tally) {}
