package io.parley.bench.peers.report;

import java.util.List;

/** A comparison that was never played. */
final class Played {
    static final Tally CLEAN = new Tally(100, 100, 0, 0, 0);

    private Played() {}

    static Comparison comparison() {
        Machine machine = new Machine("Some <CPU>", 2, 24_105, "Linux 6", "17.0.1", 0.4);
        return new Comparison(
                "2026-11-28T16:40:00Z",
                machine,
                Size.usual(2, 5),
                List.of(fast(), slow()),
                List.of("ejabberd is left out: install it (Debian: apt-get install ejabberd)"));
    }

    private static PeerFigures fast() {
        return new PeerFigures(
                new Facts("hivemq", "HiveMQ CE 1", "defaults", "in memory", "by sender", "no", "topic"),
                3.2,
                List.of(),
                List.of(load(1, 1_000, true, 2), load(2, 1_000, true, 4)),
                List.of(load(2, 13_000, true, 40), load(2, 18_000, false, 900)),
                load(2, 20, true, 3),
                new CatchUp(1_000, 0.25, CLEAN),
                new Memory(300, 500, 310),
                new Crash(200, 3.5, new Tally(800, 800, 12, 3, 1), 0),
                "");
    }

    private static PeerFigures slow() {
        return new PeerFigures(
                new Facts("parley", "Parley 1", "both compilers", "in the log", "one", "yes", "members"),
                40,
                List.of(),
                List.of(load(1, 1_000, true, 30), load(2, 1_000, false, 700)),
                List.of(),
                null,
                null,
                null,
                null,
                "round 2: it does not start; ");
    }

    private static LoadFigures load(int round, int rate, boolean held, double p50) {
        return new LoadFigures(round, rate, held, rate, p50, p50 * 4, p50 * 8, p50 / 2, p50, 500, 80, CLEAN);
    }
}
