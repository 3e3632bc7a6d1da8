package io.parley.bench.peers.load;

import io.parley.bench.peers.clients.Destination;
import io.parley.bench.peers.clients.PeerClient;
import io.parley.bench.peers.report.CatchUp;
import io.parley.bench.peers.report.Crash;
import io.parley.bench.peers.report.LoadFigures;
import io.parley.bench.peers.report.Memory;
import io.parley.bench.peers.report.Size;
import io.parley.bench.peers.servers.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What is played with a running server in one round, but for its crash. */
public final class Session {
    private static final int WARM_UP_RATE = 1_000;
    private static final int CATCH_UP_RATE = 500;
    /** A stretch that is not so much better than the one before ends the warm-up. */
    private static final double BETTER = 0.85;

    private static final long SETTLE_MILLIS = 2_000;

    private final Peer peer;
    private final Size size;
    private final Cast cast;
    private final Loads loads;

    private Session(Peer peer, Size size, Cast cast, Loads loads) {
        this.peer = peer;
        this.size = size;
        this.cast = cast;
        this.loads = loads;
    }

    /** Connects all accounts. */
    public static Session open(Peer peer, Size size, int round) throws IOException, InterruptedException {
        Cast cast = new Cast(peer, "user", size.accounts());
        cast.connect();
        return new Session(peer, size, cast, new Loads(peer, cast, round));
    }

    /** Loads that are not counted, until they get no better. */
    public List<LoadFigures> warmUp() {
        List<LoadFigures> stretches = new ArrayList<>();
        int seconds = Math.max(1, size.warmUpSeconds() / 6);
        double before = Double.MAX_VALUE;
        for (int past = 0; past + seconds <= size.warmUpSeconds(); past += seconds) {
            LoadFigures stretch = loads.pairs(WARM_UP_RATE, seconds);
            stretches.add(stretch);
            double now = stretch.p99Millis();
            if (stretch.held() && now > before * BETTER) {
                break;
            }
            before = now;
        }
        return stretches;
    }

    /** At each rate until one does not hold. */
    public List<LoadFigures> latencies() {
        return until(size.rates());
    }

    /** At the further rates between the highest that held and the lowest that did not, or beyond, until one does not hold. */
    public List<LoadFigures> climb(List<LoadFigures> before) {
        int held = before.stream()
                .filter(LoadFigures::held)
                .mapToInt(LoadFigures::rate)
                .max()
                .orElse(0);
        int failed = before.stream()
                .filter(load -> !load.held())
                .mapToInt(LoadFigures::rate)
                .filter(rate -> rate > held)
                .min()
                .orElse(Integer.MAX_VALUE);
        return until(size.climb().stream()
                .filter(rate -> rate > held && rate < failed)
                .toList());
    }

    private List<LoadFigures> until(List<Integer> rates) {
        List<LoadFigures> played = new ArrayList<>();
        for (int rate : rates) {
            LoadFigures load = loads.pairs(rate, size.seconds());
            played.add(load);
            if (!load.held()) {
                break;
            }
        }
        return played;
    }

    /** A group of the first accounts. */
    public LoadFigures group() throws IOException {
        Destination group = cast.group("group", size.groupMembers());
        return loads.group(group, size.groupMembers(), size.groupRate(), size.seconds());
    }

    /** Account 1 comes back to what account 0 has written. */
    public CatchUp catchUp() throws IOException {
        PeerClient away = cast.client(1);
        cast.disconnect(List.of(away));
        Route route = Route.oneWay(1);
        Accounting accounting = loads.begin(route, CATCH_UP_RATE, size.missed());
        Destination to = cast.direct(0, 1);
        for (int k = 0; k < size.missed(); k++) {
            loads.send(accounting, route, to, k);
        }
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (accounting.unacknowledged() > 0 && System.nanoTime() < deadlineNanos) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        long startNanos = System.nanoTime();
        Cast.await(List.of(away.connect()), "connecting");
        Loads.awaitCompletion(accounting);
        double seconds =
                accounting.deliveries() == 0 ? 0 : (System.nanoTime() - accounting.quietNanos() - startNanos) / 1e9;
        return new CatchUp(size.missed(), Math.round(seconds * 1000) / 1000.0, accounting.tally());
    }

    /** Additional connections that say nothing. */
    public Memory memory() throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MILLIS);
        double before = Usage.memoryMiB(peer.processes());
        Cast idle = new Cast(peer, "idle", size.idleConnections());
        idle.connect();
        Thread.sleep(SETTLE_MILLIS);
        double with = Usage.memoryMiB(peer.processes());
        idle.disconnect(idle.clients(0, idle.size()));
        return new Memory(before, size.idleConnections(), with);
    }

    /** Kills the server under load. Nobody but those of that load is connected after it. */
    public Crash crash() throws IOException, InterruptedException {
        return new CrashRun(peer, size, cast, loads).run();
    }

    /** Ends all connections. */
    public void close() throws IOException {
        cast.disconnect(cast.clients(0, cast.size()));
    }
}
