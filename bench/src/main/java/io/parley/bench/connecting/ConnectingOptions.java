package io.parley.bench.connecting;

import io.parley.bench.measure.LoadRun;
import io.parley.bench.measure.ServerProcesses;
import io.parley.demo.DemoTarget;
import io.parley.protocol.WireFormat;
import java.io.PrintStream;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of the loads that connect. */
public final class ConnectingOptions {
    @Option(
            names = "--connects",
            arity = "0..1",
            paramLabel = "RATE",
            fallbackValue = "50",
            description =
                    "Instead: cut connections, send each of these devices a message, and connect so many a second again to their"
                            + " sessions (default: ${FALLBACK-VALUE}). Half of --devices are away at any time.")
    private int connects;

    @Option(
            names = "--storm",
            arity = "0..1",
            paramLabel = "N",
            fallbackValue = "2000",
            description =
                    "Instead: cut the connections of so many devices (default: ${FALLBACK-VALUE}), send each a message in"
                            + " --moved of its conversations, and connect them all at once.")
    private int storm;

    @Option(
            names = "--conversations",
            paramLabel = "N",
            defaultValue = "5",
            description = "Of each device, with --connects or --storm (default: ${DEFAULT-VALUE}).")
    private int conversations;

    @Option(
            names = "--moved",
            paramLabel = "N",
            description = "With --storm: in so many conversations of each device a message waits (default: in all).")
    private int moved;

    @Option(
            names = "--kill-node",
            description =
                    "With --storm: kill the node that runs on --data (SIGKILL) as they begin; its supervisor starts it anew.")
    private boolean killNode;

    /** Whether one of these loads is asked for. */
    public boolean isAsked() {
        return connects != 0 || storm != 0 || killNode;
    }

    /** The options of every load that these need, too. */
    public record Common(int devices, int rate, int seconds, int warmup, WireFormat encoding) {}

    /**
     * The load that is asked for.
     *
     * @param data the platform's data directory
     * @throws IllegalArgumentException naming the option that is wrong
     */
    public LoadRun load(DemoTarget target, Common common, Path data, PrintStream progress) {
        Ranges.require(connects == 0 || storm == 0, "--connects and --storm are two loads: ask for one");
        Ranges.require(!killNode || storm != 0, "--kill-node needs --storm");
        Path proc = Path.of("/proc");
        ServerProcesses processes = new ServerProcesses(data, proc);
        if (storm != 0) {
            StormLoad load = new StormLoad(
                    storm,
                    conversations,
                    moved == 0 ? conversations : moved,
                    common.rate(),
                    killNode,
                    common.encoding());
            return new StormRun(target, load, processes, new NodeProcess(data, proc), progress);
        }
        ConnectsLoad load = new ConnectsLoad(
                common.devices(),
                conversations,
                connects,
                common.seconds(),
                common.warmup(),
                common.rate(),
                common.encoding());
        return new ConnectsRun(target, load, processes, progress);
    }
}
