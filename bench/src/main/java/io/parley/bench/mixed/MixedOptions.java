package io.parley.bench.mixed;

import io.parley.bench.measure.LoadRun;
import io.parley.demo.DemoTarget;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the load of everything at once. */
public final class MixedOptions {
    /** Tokens expire while the load runs: who connects or calls later needs another one. */
    public static final Duration TOKEN_LIFETIME = Duration.ofSeconds(60);

    @Option(
            names = "--mixed",
            description =
                    "Instead: pairs and groups by MQTT and HTTP, whose devices move and whose members come and go, edit, delete and"
                            + " read; --devices is how many users, --group-size says nothing.")
    private boolean mixed;

    @Option(names = "--seed", paramLabel = "N", description = "With --mixed: draws the same again.")
    private @Nullable Long seed;

    @Option(
            names = "--away",
            description =
                    "With --mixed: in each group somebody is away and must be notified. Needs a platform that was started with"
                            + " --push-sink on --data.")
    private boolean away;

    @Option(
            names = "--struck",
            description = "With --mixed: faults strike meanwhile, so a notification may come again.")
    private boolean struck;

    /** Whether this load is asked for. */
    public boolean isAsked() {
        return mixed;
    }

    /**
     * The load.
     *
     * @param data the platform's data directory
     * @throws IllegalArgumentException naming the option that is wrong
     */
    public LoadRun load(DemoTarget target, int devices, int rate, int seconds, int warmup, Path data, PrintStream out) {
        long drawn = seed == null ? ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE) : seed;
        MixedLoad load = new MixedLoad(devices, rate, seconds, warmup, drawn, struck);
        return new MixedRun(target, load, away ? Optional.of(data.resolve("push-sink.jsonl")) : Optional.empty(), out);
    }
}
