package io.parley.bench.pushing;

import io.parley.bench.measure.LoadRun;
import io.parley.bench.measure.ServerProcesses;
import io.parley.demo.DemoTarget;
import java.io.PrintStream;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of the load that notifies. */
public final class PushOptions {
    @Option(
            names = "--push",
            description =
                    "Instead: in each conversation one user writes, and the others are away with a push token; measures from when a"
                            + " message was due until the local counterpart of Apple's service has accepted its notification. --rate"
                            + " is in notifications. Needs a platform that was started with --push-sink on --data.")
    private boolean push;

    /** Whether this load is asked for. */
    public boolean isAsked() {
        return push;
    }

    /**
     * The load.
     *
     * @param data the platform's data directory
     * @throws IllegalArgumentException naming the option that is wrong
     */
    public LoadRun load(
            DemoTarget target,
            int devices,
            int rate,
            int seconds,
            int warmup,
            int groupSize,
            Path data,
            PrintStream out) {
        PushLoad load = new PushLoad(devices, rate, seconds, warmup, groupSize);
        ServerProcesses processes = new ServerProcesses(data, Path.of("/proc"));
        return new PushRun(target, load, processes, data.resolve("push-sink.jsonl"), out);
    }
}
