package io.parley.bench.peers.load;

import io.parley.bench.measure.Latencies;
import io.parley.bench.measure.Payloads;
import io.parley.bench.peers.clients.Destination;
import io.parley.bench.peers.report.LoadFigures;
import io.parley.bench.peers.servers.Peer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/** Plays loads at a fixed rate with the connected clients of one server. */
final class Loads {
    private static final double HELD_P99_MILLIS = 500;
    /** A server that is so far behind does not hold the rate: the load ends early. */
    private static final int BEHIND_SECONDS = 2;

    private static final long QUIET_NANOS = Duration.ofSeconds(4).toNanos();
    private static final long LONGEST_WAIT_NANOS = Duration.ofSeconds(20).toNanos();

    private final Peer peer;
    private final Cast cast;
    private final int round;
    private int number;

    Loads(Peer peer, Cast cast, int round) {
        this.peer = peer;
        this.cast = cast;
        this.round = round;
    }

    /** One on one, all accounts. */
    LoadFigures pairs(int rate, int seconds) {
        Route route = Route.pairs(cast.size());
        return play(route, k -> cast.direct(route.sender(k), route.sender(k) ^ 1), rate, rate * seconds);
    }

    /** All in one group. */
    LoadFigures group(Destination group, int members, int rate, int seconds) {
        return play(Route.group(members), k -> group, rate, rate * seconds);
    }

    /** A count of a load that has just begun and that the clients report to. */
    Accounting begin(Route route, int rate, int messages) {
        number++;
        Accounting accounting = new Accounting("r" + round + "x" + number + "-", route, messages, rate);
        cast.listen(accounting);
        return accounting;
    }

    private LoadFigures play(Route route, IntFunction<Destination> to, int rate, int messages) {
        List<ProcessHandle> generator = List.of(ProcessHandle.current());
        Usage ownBefore = Usage.of(generator);
        Usage serverBefore = Usage.of(peer.processes());
        Accounting accounting = begin(route, rate, messages);
        boolean keptUp = true;
        for (int k = 0; k < messages && keptUp; k++) {
            send(accounting, route, to.apply(k), k);
            keptUp = !isBehind(accounting, rate, k, route.deliveriesEach());
        }
        boolean complete = awaitCompletion(accounting);
        long own = ownBefore.microsUntilNow(generator);
        long server = serverBefore.microsUntilNow(peer.processes());
        return figures(accounting, rate, keptUp && complete, server, own);
    }

    /** Sends message {@code k} when it is due. */
    void send(Accounting accounting, Route route, Destination to, int k) {
        accounting.pace().await(k);
        accounting.sent(k);
        cast.client(route.sender(k)).send(to, accounting.id(k), Payloads.text(k));
    }

    private static boolean isBehind(Accounting accounting, int rate, int k, int deliveriesEach) {
        boolean generatorIs =
                System.nanoTime() - accounting.pace().dueNanos(k) > TimeUnit.SECONDS.toNanos(BEHIND_SECONDS);
        return generatorIs || accounting.outstanding() > (long) rate * deliveriesEach * BEHIND_SECONDS;
    }

    /** Waits until everything has come, or nothing comes any more. Returns whether everything has come. */
    static boolean awaitCompletion(Accounting accounting) {
        long startNanos = System.nanoTime();
        while (!accounting.isComplete()) {
            if (accounting.quietNanos() > QUIET_NANOS || System.nanoTime() - startNanos > LONGEST_WAIT_NANOS) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return true;
    }

    private LoadFigures figures(Accounting accounting, int rate, boolean complete, long server, long own) {
        Histogram delivery = accounting.deliveryMicros();
        Histogram acknowledgement = accounting.acknowledgementMicros();
        double p99 = millis(delivery, 99);
        double deliveries = Math.max(1, accounting.deliveries());
        return new LoadFigures(
                round,
                rate,
                complete && p99 <= HELD_P99_MILLIS,
                Latencies.rounded(accounting.deliveries() / accounting.seconds()),
                millis(delivery, 50),
                p99,
                millis(delivery, 100),
                millis(acknowledgement, 50),
                millis(acknowledgement, 99),
                Latencies.rounded(server / deliveries),
                Latencies.rounded(own / deliveries),
                accounting.tally());
    }

    private static double millis(Histogram micros, double percentile) {
        return Latencies.rounded(micros.getValueAtPercentile(percentile) / 1e3);
    }
}
