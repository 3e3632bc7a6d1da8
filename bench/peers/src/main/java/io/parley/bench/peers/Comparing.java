package io.parley.bench.peers;

import io.parley.bench.peers.load.Session;
import io.parley.bench.peers.report.CatchUp;
import io.parley.bench.peers.report.Comparison;
import io.parley.bench.peers.report.Crash;
import io.parley.bench.peers.report.Facts;
import io.parley.bench.peers.report.LoadFigures;
import io.parley.bench.peers.report.Machine;
import io.parley.bench.peers.report.Memory;
import io.parley.bench.peers.report.PeerFigures;
import io.parley.bench.peers.report.Size;
import io.parley.bench.peers.servers.Peer;
import io.parley.bench.peers.servers.Peers;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One comparison: in every round one server after the other, each started with empty data and ended, so that no idle server takes processor
 * time from the one that is measured, and other work on the machine meets all of them. Closing it ends what runs.
 */
final class Comparing implements AutoCloseable {
    private final Peers peers;
    private final Path directory;
    private final PrintStream progress;
    private final AtomicReference<@Nullable Peer> running = new AtomicReference<>();
    private volatile boolean failed;

    /**
     * @param directory for the servers' data
     * @param progress lines for people
     */
    Comparing(Peers peers, Path directory, PrintStream progress) {
        this.peers = peers;
        this.directory = directory;
        this.progress = progress;
    }

    /** What is filled in from round to round. */
    private static final class Figures {
        private double startSeconds;
        private final List<LoadFigures> warmUps = new ArrayList<>();
        private final List<LoadFigures> loads = new ArrayList<>();
        private final List<LoadFigures> climb = new ArrayList<>();
        private @Nullable LoadFigures group;
        private @Nullable CatchUp catchUp;
        private @Nullable Memory memory;
        private @Nullable Crash crash;
        private String trouble = "";
    }

    Comparison run(List<String> names, Size size) throws IOException, InterruptedException {
        String date = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Machine machine = Machine.here();
        List<String> leftOut = new ArrayList<>();
        Map<String, Figures> figures = new LinkedHashMap<>();
        Map<String, Facts> facts = new LinkedHashMap<>();
        for (String name : names) {
            Optional<String> missing = peers.missing(name);
            if (missing.isPresent()) {
                progress.println(missing.get());
                leftOut.add(missing.get());
            } else {
                figures.put(name, new Figures());
            }
        }
        for (int round = 1; round <= size.rounds(); round++) {
            for (Map.Entry<String, Figures> entry : figures.entrySet()) {
                String name = entry.getKey();
                Peer peer = peers.open(name, directory.resolve(name + "-" + round));
                facts.put(name, peer.facts());
                measure(peer, size, round, entry.getValue());
            }
        }
        List<PeerFigures> all = new ArrayList<>();
        figures.forEach((name, it) -> all.add(new PeerFigures(
                Objects.requireNonNull(facts.get(name)),
                it.startSeconds,
                it.warmUps,
                it.loads,
                it.climb,
                it.group,
                it.catchUp,
                it.memory,
                it.crash,
                it.trouble)));
        return new Comparison(date, machine, size, all, leftOut);
    }

    private void measure(Peer peer, Size size, int round, Figures into) throws InterruptedException {
        String name = peer.facts().name();
        running.set(peer);
        try {
            say(name, round, "starting " + peer.facts().version());
            long startNanos = System.nanoTime();
            peer.start();
            if (round == 1) {
                into.startSeconds = Math.round((System.nanoTime() - startNanos) / 1e7) / 100.0;
            }
            Session session = Session.open(peer, size, round);
            play(session, size, round, name, into);
            session.close();
        } catch (IOException | RuntimeException e) {
            failed = true;
            into.trouble += "round " + round + ": " + e.getMessage() + "; ";
            say(name, round, "failed: " + e);
        } finally {
            peer.close();
            running.set(null);
        }
    }

    private void play(Session session, Size size, int round, String name, Figures into)
            throws IOException, InterruptedException {
        say(name, round, "warming up");
        into.warmUps.addAll(session.warmUp());
        List<LoadFigures> loads = session.latencies();
        into.loads.addAll(loads);
        loads.forEach(load -> say(name, round, describe(load)));
        if (round < size.rounds()) {
            return;
        }
        List<LoadFigures> climb = session.climb(loads);
        into.climb.addAll(climb);
        climb.forEach(load -> say(name, round, describe(load)));
        into.memory = session.memory();
        say(name, round, into.memory.toString());
        into.group = session.group();
        say(name, round, "group: " + describe(into.group));
        into.catchUp = session.catchUp();
        say(name, round, into.catchUp.toString());
        into.crash = session.crash();
        say(name, round, into.crash.toString());
    }

    private static String describe(LoadFigures load) {
        return String.format(
                Locale.ROOT,
                "%d/s: %s, %.0f/s delivered, p50 %.1f ms, p99 %.1f ms, %.0f µs of CPU each (generator %.0f), %s",
                load.rate(),
                load.held() ? "held" : "not held",
                load.deliveredPerSecond(),
                load.p50Millis(),
                load.p99Millis(),
                load.serverMicros(),
                load.generatorMicros(),
                load.tally());
    }

    private void say(String name, int round, String what) {
        progress.println("[" + round + "] " + name + ": " + what);
    }

    /** Whether a server could not be measured; its directory tells more. */
    boolean hasFailed() {
        return failed;
    }

    @Override
    public void close() {
        Peer peer = running.get();
        if (peer != null) {
            peer.close();
        }
    }
}
