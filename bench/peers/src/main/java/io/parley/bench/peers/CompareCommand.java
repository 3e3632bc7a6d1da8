package io.parley.bench.peers;

import io.parley.bench.peers.report.Chart;
import io.parley.bench.peers.report.Comparison;
import io.parley.bench.peers.report.PeerFigures;
import io.parley.bench.peers.report.Size;
import io.parley.bench.peers.report.Table;
import io.parley.bench.peers.servers.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Plays the same load with Parley and with what is installed of Mosquitto, ejabberd with PostgreSQL, Artemis and HiveMQ CE alone,",
            "one after the other in each of two rounds, and prints a table: latency at 200, 1,000 and 3,000 messages/s, the highest rate,",
            "CPU and memory, a group, catching up, and what kill -9 loses or doubles. A server that is not installed is left out, with a line that",
            "says what to install. How each is set up: docs/comparison.md. It takes a quarter of an hour and starts everything in a",
            "temporary directory on free ports of the loopback interface."
        })
public final class CompareCommand implements Callable<Integer> {
    private static final int USUAL_SECONDS = 5;
    private static final int QUICK_SECONDS = 2;

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Only these, separated by commas: mosquitto, mosquitto-autosave, hivemq, artemis, ejabberd, parley.")
    private List<String> names = Peers.NAMES;

    @Option(names = "--seconds", paramLabel = "N", description = "Of each load (default: 5, with --quick 2).")
    private int seconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "2",
            description = "Of all servers, one after the other; with --quick one (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--quick", description = "One short round, for a look: its figures are not worth much.")
    private boolean quick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures there.")
    private @Nullable Path json;

    @Option(names = "--chart", paramLabel = "FILE", description = "Draw the most important ones there, as SVG.")
    private @Nullable Path chart;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = "Play nothing: print the table, and draw the chart, of figures that --json wrote.")
    private @Nullable Path from;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(seconds >= 0 && seconds <= 600, "--seconds is from 1 to 600");
        require(rounds >= 1 && rounds <= 20, "--rounds is from 1 to 20");
        for (String name : names) {
            require(
                    Peers.NAMES.contains(name),
                    "--peers: there is no " + name + ", only " + String.join(", ", Peers.NAMES));
        }
        Comparison comparison = from == null ? play() : Comparison.read(from);
        if (json != null) {
            comparison.write(json);
        }
        if (chart != null) {
            Files.writeString(chart, Chart.of(comparison));
        }
        System.out.print(Table.of(comparison));
        return comparison.peers().stream().map(PeerFigures::trouble).allMatch(String::isEmpty) ? 0 : 1;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private Size size() {
        if (quick) {
            return Size.quick(seconds == 0 ? QUICK_SECONDS : seconds);
        }
        return Size.usual(rounds, seconds == 0 ? USUAL_SECONDS : seconds);
    }

    private Comparison play() throws IOException, InterruptedException {
        Path home = Path.of(System.getenv().getOrDefault("PARLEY_HOME", ""));
        Path directory = Files.createTempDirectory("parley-compare");
        // PostgreSQL runs as another user than root.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Comparing comparing = new Comparing(new Peers(home.toAbsolutePath()), directory, System.err);
        // Also after Ctrl-C.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(comparing, directory), "end"));
        return comparing.run(names, size());
    }

    private static void end(Comparing comparing, Path directory) {
        comparing.close();
        if (comparing.hasFailed()) {
            System.err.println("what the servers wrote: " + directory);
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            System.err.println("left over: " + directory + " (" + e.getMessage() + ")");
        }
    }
}
