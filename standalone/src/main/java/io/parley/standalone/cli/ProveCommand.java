package io.parley.standalone.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.parley.runtime.Settings;
import io.parley.standalone.Addresses;
import io.parley.standalone.ClientProgram;
import io.parley.standalone.Installation;
import io.parley.standalone.Layout;
import io.parley.standalone.PlatformException;
import io.parley.standalone.RoleName;
import io.parley.standalone.RunningPlatform;
import io.parley.standalone.prove.Faults;
import io.parley.standalone.prove.Planned;
import io.parley.standalone.prove.Proof;
import io.parley.standalone.prove.RunningProcesses;
import io.parley.standalone.prove.Schedule;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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
            "Loads a cluster, kills and pauses its processes as a seed draws it, waits until all are back, and audits every message.",
            "It starts a cluster for it if none runs on the data directory. The exit code is 0 only without anomalies."
        })
final class ProveCommand implements Callable<Integer> {
    private static final int SHORTEST_SECONDS = 60;
    private static final Duration BACK = Duration.ofMinutes(5);

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

    @Option(names = "--rate", defaultValue = "20", description = "Messages per second (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--json", description = "Print one JSON object on standard output.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, PlatformException, InterruptedException {
        if (seconds < SHORTEST_SECONDS) {
            throw new ParameterException(spec.commandLine(), "--seconds is " + SHORTEST_SECONDS + " or more");
        }
        Path directory = data.directory();
        if (RunningPlatform.on(directory).isPresent()) {
            return prove(directory);
        }
        EnumSet<RoleName> roles = EnumSet.complementOf(EnumSet.of(RoleName.PUSH_SINK, RoleName.PLUGINS));
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
        Schedule schedule = Schedule.draw(drawn, seconds, cluster.plan().processes());
        System.err.println("seed " + drawn + " draws " + schedule.faults().size() + " faults in " + seconds + " s");
        ClientProgram.Load load = ClientProgram.startLoad(
                Installation.find(),
                List.of("--devices=24", "--rate=" + rate, "--warmup=3", "--seconds=" + seconds, "--json"),
                cluster.environment());
        try (load) {
            load.awaitMeasuring();
            List<Double> recoveries = strike(schedule, new RunningProcesses(cluster));
            Config measured = ConfigFactory.parseString(load.finish());
            Proof proof = Proof.of(drawn, seconds, schedule.faults(), measured, recoveries);
            System.out.println(json ? proof.json() : proof.text());
            return proof.isClean() ? 0 : 1;
        }
    }

    /** Lets everything strike that was drawn; what is struck next waits until all are back. Returns how many seconds that took each time. */
    private static List<Double> strike(Schedule schedule, RunningProcesses processes)
            throws IOException, PlatformException, InterruptedException {
        long startNanos = System.nanoTime();
        List<Double> recoveries = new ArrayList<>();
        for (Planned fault : schedule.faults()) {
            long early = TimeUnit.SECONDS.toNanos(fault.atSeconds()) - (System.nanoTime() - startNanos);
            TimeUnit.NANOSECONDS.sleep(Math.max(0, early));
            System.err.printf(
                    "%4d s  %s %s%s%n",
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos),
                    fault.kind(),
                    fault.target(),
                    fault.lastsSeconds() == 0 ? "" : " for " + fault.lastsSeconds() + " s");
            Faults.of(fault.kind()).strike(fault, processes);
            long struckNanos = System.nanoTime();
            if (!processes.awaitAllReady(BACK)) {
                throw new PlatformException("not all processes are back " + BACK.toSeconds() + " s after "
                        + fault.kind() + " of " + fault.target() + ": ./parley status shows which");
            }
            double took = (System.nanoTime() - struckNanos) / 1e9;
            System.err.printf("        all can serve after %.1f s%n", took);
            recoveries.add(Math.round(took * 10) / 10.0);
        }
        return recoveries;
    }
}
