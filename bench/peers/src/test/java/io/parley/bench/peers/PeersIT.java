package io.parley.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bench.peers.report.Comparison;
import io.parley.bench.peers.report.Crash;
import io.parley.bench.peers.report.LoadFigures;
import io.parley.bench.peers.report.Memory;
import io.parley.bench.peers.report.PeerFigures;
import io.parley.bench.peers.report.Size;
import io.parley.bench.peers.servers.Peers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real comparison at a small rate, with the servers that start quickly. */
class PeersIT {
    private static final int RATE = 100;
    private static final Size SIZE = new Size(20, 1, 1, 1, List.of(RATE), List.of(), 5, 20, 50, 20, 40, 100);

    @TempDir
    private Path directory;

    @Test
    void every_server_is_measured_and_nothing_is_left_running() throws Exception {
        Peers peers = new Peers(Path.of(System.getProperty("parley.home")));
        List<String> names = new ArrayList<>(List.of("hivemq"));
        // Where nothing may be skipped, it is installed.
        if (peers.missing("mosquitto").isEmpty() || "true".equals(System.getenv("CI"))) {
            names.add("mosquitto");
        }
        Comparison comparison = new Comparing(peers, directory, System.out).run(names, SIZE);

        assertThat(comparison.leftOut()).isEmpty();
        assertThat(comparison.peers()).extracting(peer -> peer.facts().name()).isEqualTo(names);
        comparison.peers().forEach(PeersIT::isPlausible);
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    private static void isPlausible(PeerFigures peer) {
        String name = peer.facts().name();
        assertThat(peer.trouble()).as(name).isEmpty();
        assertThat(peer.facts().version()).as(name).containsPattern("\\d+\\.\\d+");
        assertThat(peer.loads()).as(name).singleElement().satisfies(PeersIT::cameCompletely);
        cameCompletely(Objects.requireNonNull(peer.group()));
        assertThat(Objects.requireNonNull(peer.catchUp()).tally().isClean())
                .as(name)
                .isTrue();
        Memory memory = Objects.requireNonNull(peer.memory());
        assertThat(memory.mib()).as(name).isBetween(1.0, 4_000.0);
        Crash crash = Objects.requireNonNull(peer.crash());
        assertThat(crash.backSeconds()).as(name).isBetween(0.0, 120.0);
        assertThat(crash.tally().sent()).as(name).isEqualTo(160);
        // The senders' libraries send again what was not acknowledged.
        assertThat(crash.tally().acknowledged()).as(name).isEqualTo(160);
    }

    private static void cameCompletely(LoadFigures load) {
        assertThat(load.tally().missing()).isZero();
        assertThat(load.tally().acknowledged()).isEqualTo(load.tally().sent());
        assertThat(load.deliveredPerSecond()).isPositive();
        assertThat(load.p50Millis()).isBetween(0.01, load.p99Millis());
        // The system counts in hundredths of a second: a load this small may be none for a server in C.
        assertThat(load.serverMicros()).isNotNegative();
    }
}
