package io.parley.standalone.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.parley.runtime.Settings;
import io.parley.standalone.Addresses;
import io.parley.standalone.ClientProgram;
import io.parley.standalone.Installation;
import io.parley.standalone.Layout;
import io.parley.standalone.PlatformException;
import io.parley.standalone.ProcessName;
import io.parley.standalone.RoleName;
import io.parley.standalone.RunningPlatform;
import io.parley.standalone.prove.Faults;
import io.parley.standalone.prove.Proof;
import io.parley.standalone.prove.RunningProcesses;
import io.parley.standalone.prove.Schedule;
import io.parley.standalone.prove.Strikes;
import io.parley.standalone.prove.Struck;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Loads a cluster, lets faults strike, and audits. */
@Command(
        name = "prove",
        mixinStandardHelpOptions = true,
        description = {
            "Loads a cluster, lets faults strike its processes, network and disks as a seed draws it, waits until all are back, and audits every message.",
            "It starts a cluster for it if none runs on the data directory. The exit code is 0 only without anomalies."
        })
final class ProveCommand implements Callable<Integer> {
    private static final int SHORTEST_SECONDS = 60;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--seconds",
            defaultValue = "300",
            description =
                    "How long the load lasts, 60 or more (default: ${DEFAULT-VALUE}). Nothing strikes in the last 30.")
    private int seconds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Draws the same faults again (default: another one each time).")
    private @Nullable Long seed;

    @Option(names = "--rate", defaultValue = "60", description = "Messages per second (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            description = "Draws from these kinds of faults only (default: all).")
    private List<String> kinds = List.of();

    @Option(names = "--devices", defaultValue = "36", description = "Users who talk (default: ${DEFAULT-VALUE}).")
    private int devices;

    @Option(names = "--json", description = "Print one JSON object on standard output.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, PlatformException, InterruptedException {
        if (seconds < SHORTEST_SECONDS) {
            throw new ParameterException(spec.commandLine(), "--seconds is " + SHORTEST_SECONDS + " or more");
        }
        if (!Faults.kinds().containsAll(kinds)) {
            throw new ParameterException(
                    spec.commandLine(), "--kinds are some of " + String.join(", ", Faults.kinds()));
        }
        Path directory = data.directory();
        if (RunningPlatform.on(directory).isPresent()) {
            return prove(directory);
        }
        EnumSet<RoleName> roles = EnumSet.complementOf(EnumSet.of(RoleName.PLUGINS));
        Closeable own =
                UpCommand.start(directory, Addresses.from(Settings.load()), roles, Layout.CLUSTER, System.err::println);
        try (own) {
            return prove(directory);
        }
    }

    private int prove(Path directory) throws IOException, PlatformException, InterruptedException {
        Optional<RunningPlatform> running = RunningPlatform.on(directory);
        if (running.isEmpty() || !running.get().plan().isCluster()) {
            throw new PlatformException("no cluster runs on " + directory + ": start one with ./parley up --cluster");
        }
        RunningPlatform cluster = running.get();
        long drawn = seed == null ? ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE) : seed;
        // The counterpart of the push providers keeps the audit's evidence.
        List<ProcessName> targets = cluster.plan().processes().stream()
                .filter(process -> process.role() != RoleName.PUSH_SINK)
                .toList();
        Schedule schedule = kinds.isEmpty()
                ? Schedule.draw(drawn, seconds, targets)
                : Schedule.draw(
                        drawn, seconds, targets, kinds.stream().map(Faults::of).toList());
        System.err.println("seed " + drawn + " draws " + schedule.faults().size() + " faults in " + seconds + " s");
        ClientProgram.Load load =
                ClientProgram.startLoad(Installation.find(), load(drawn, cluster), cluster.environment());
        try (load;
                RunningProcesses processes = new RunningProcesses(cluster)) {
            load.awaitMeasuring();
            List<Struck> struck = new Strikes(processes, System.err).carryOut(schedule);
            Config measured = ConfigFactory.parseString(load.finish());
            Proof proof = Proof.of(drawn, seconds, struck, measured);
            System.out.println(json ? proof.json() : proof.text());
            return proof.isClean() ? 0 : 1;
        }
    }

    private List<String> load(long drawn, RunningPlatform cluster) {
        List<String> arguments = new ArrayList<>(List.of("--mixed", "--struck", "--json", "--warmup=3"));
        arguments.addAll(List.of("--devices=" + devices, "--rate=" + rate, "--seconds=" + seconds, "--seed=" + drawn));
        if (cluster.roles().contains(RoleName.PUSH_SINK)) {
            arguments.add("--away");
        }
        return arguments;
    }
}
