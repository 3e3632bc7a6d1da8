package io.parley.bench.peers.load;

import io.parley.bench.peers.clients.PeerClient;
import io.parley.bench.peers.report.Crash;
import io.parley.bench.peers.report.Size;
import io.parley.bench.peers.report.Tally;
import io.parley.bench.peers.servers.Peer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * All processes of a server are killed in the middle of a load and started again. In every other pair the receiver is away from before the
 * load until the server is back, so that what waits in the server is struck, too. The senders go on: their libraries keep what is not
 * acknowledged and send it again.
 */
final class CrashRun {
    private static final int PAIRS = 20;
    private static final int HALF_SECONDS = 2;
    private static final long RECONNECT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final Peer peer;
    private final Size size;
    private final Cast cast;
    private final Loads loads;
    private final int pairs;

    CrashRun(Peer peer, Size size, Cast cast, Loads loads) {
        this.peer = peer;
        this.size = size;
        this.cast = cast;
        this.loads = loads;
        this.pairs = Math.min(PAIRS, cast.size() / 2);
    }

    Crash run() throws IOException, InterruptedException {
        List<PeerClient> away = new ArrayList<>();
        List<PeerClient> present = new ArrayList<>();
        for (int pair = 0; pair < pairs; pair++) {
            (pair % 2 == 1 ? away : present).add(cast.client(pair * 2 + 1));
            present.add(cast.client(pair * 2));
        }
        cast.disconnect(away);
        cast.disconnect(cast.clients(pairs * 2, cast.size()));
        Accounting accounting = loads.begin(Route.oneWay(pairs), size.crashRate(), messages());
        double backSeconds = send(accounting);
        awaitConnected(present);
        Cast.await(away.stream().map(PeerClient::connect).toList(), "connecting after the crash");
        Loads.awaitCompletion(accounting);
        Tally tally = accounting.tally();
        return new Crash(size.crashRate(), backSeconds, tally, tally.missing() == 0 ? 0 : inArchive(accounting));
    }

    private int messages() {
        return size.crashRate() * HALF_SECONDS * 2;
    }

    /** Sends all, with the crash in the middle. Returns the seconds until the server was back. */
    private double send(Accounting accounting) throws IOException, InterruptedException {
        Route route = Route.oneWay(pairs);
        CompletableFuture<Double> back = new CompletableFuture<>();
        for (int k = 0; k < messages(); k++) {
            if (k == messages() / 2) {
                back = CompletableFuture.supplyAsync(this::killAndStart);
            }
            loads.send(accounting, route, cast.direct(route.sender(k), route.sender(k) + 1), k);
        }
        try {
            return back.join();
        } catch (CompletionException e) {
            throw new IOException("it did not come back: " + e.getCause(), e);
        }
    }

    private double killAndStart() {
        try {
            long startNanos = System.nanoTime();
            peer.kill();
            peer.start();
            return Math.round((System.nanoTime() - startNanos) / 1e7) / 100.0;
        } catch (IOException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    private static void awaitConnected(List<PeerClient> clients) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        while (!clients.stream().allMatch(PeerClient::isConnected)) {
            if (System.nanoTime() - startNanos > RECONNECT_NANOS) {
                throw new IOException("clients do not connect again");
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private int inArchive(Accounting accounting) throws IOException {
        int found = 0;
        for (int pair = 0; pair < pairs; pair++) {
            found += cast.client(pair * 2 + 1).missedInArchive(accounting.prefix());
        }
        return found;
    }
}
