package io.parley.bench.peers.report;

import java.util.List;

/**
 * How much is played.
 *
 * @param accounts connections of the loads, each of an account of its own; an even number
 * @param rounds how often every server is measured at each rate, one server after the other
 * @param seconds of each load
 * @param warmUpSeconds at most, before the first load of a round; it ends when it gets no better
 * @param rates of the loads, messages per second, ascending
 * @param climb further rates, ascending, to find the highest that holds
 * @param groupMembers of the group
 * @param groupRate messages per second in the group
 * @param missed messages that wait for the client that comes back
 * @param idleConnections additional ones, whose memory is measured
 * @param crashRate messages per second while the server is killed
 * @param textBytes of each message
 */
public record Size(
        int accounts,
        int rounds,
        int seconds,
        int warmUpSeconds,
        List<Integer> rates,
        List<Integer> climb,
        int groupMembers,
        int groupRate,
        int missed,
        int idleConnections,
        int crashRate,
        int textBytes) {
    private static final int TEXT_BYTES = 100;
    private static final List<Integer> RATES = List.of(200, 1_000, 3_000);
    private static final List<Integer> CLIMB =
            List.of(300, 400, 600, 800, 1_500, 2_000, 2_500, 4_500, 6_000, 9_000, 13_000, 18_000, 25_000, 35_000);

    public Size {
        rates = List.copyOf(rates);
        climb = List.copyOf(climb);
    }

    /** What is worth keeping. */
    public static Size usual(int rounds, int seconds) {
        return new Size(200, rounds, seconds, 30, RATES, CLIMB, 50, 20, 1_000, 500, 200, TEXT_BYTES);
    }

    /** One round, short, for a look. */
    public static Size quick(int seconds) {
        return new Size(100, 1, seconds, 6, RATES, List.of(6_000, 13_000), 20, 20, 300, 100, 100, TEXT_BYTES);
    }
}
