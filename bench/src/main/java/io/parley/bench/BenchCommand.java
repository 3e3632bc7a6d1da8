package io.parley.bench;

import io.parley.bench.connecting.ConnectingOptions;
import io.parley.bench.measure.LoadRun;
import io.parley.bench.measure.Measurement;
import io.parley.bench.measure.ServerProcesses;
import io.parley.bench.messages.Load;
import io.parley.bench.messages.MessageRun;
import io.parley.bench.messages.Transport;
import io.parley.bench.messages.TransportsRun;
import io.parley.bench.mixed.MixedOptions;
import io.parley.bench.pushing.PushOptions;
import io.parley.demo.DemoTarget;
import io.parley.demo.DeviceException;
import io.parley.demo.PlatformOptions;
import io.parley.protocol.WireFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Loads a platform at a fixed rate and measures it from outside; exits 0 only if it refused no message, and the audit",
            "finds no anomaly, such as a delivery that is missing.",
            "Latency counts from when a message was due, so a stalled platform cannot hide its queue.",
            "--connects and --storm load it with devices that come back to their sessions; a session that is missing, or a device that is",
            "refused, makes the exit code 1, too.",
            "--push measures notifications; one that is missing, or came twice, makes the exit code 1.",
            "--mixed loads it with everything at once, and audits devices, history and notifications.",
            "--http compares the two transports of messages."
        })
public final class BenchCommand implements Callable<Integer> {
    @Mixin
    private PlatformOptions platform = new PlatformOptions();

    @Option(names = "--devices", defaultValue = "200", description = "Connections (default: ${DEFAULT-VALUE}).")
    private int devices;

    @Option(
            names = "--rate",
            defaultValue = "500",
            description =
                    "Messages per second (default: ${DEFAULT-VALUE}); with --connects or --storm of those before the measured part.")
    private int rate;

    @Option(names = "--seconds", defaultValue = "60", description = "Measured time (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warmup",
            defaultValue = "5",
            description = "Seconds of the same load before, not measured (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(
            names = "--group-size",
            defaultValue = "2",
            description = "Members of a conversation; 2 is one on one (default: ${DEFAULT-VALUE}).")
    private int groupSize;

    @Option(names = "--encoding", defaultValue = "JSON", description = "${COMPLETION-CANDIDATES} (default: json).")
    private WireFormat encoding = WireFormat.JSON;

    @Option(
            names = "--receipts",
            description =
                    "Every device wants receipts and audits them; every other one says once a second what it has read.")
    private boolean receipts;

    @Mixin
    private ConnectingOptions connecting = new ConnectingOptions();

    @Mixin
    private PushOptions pushing = new PushOptions();

    @Mixin
    private MixedOptions mixing = new MixedOptions();

    @Option(names = "--json", description = "Print one JSON object on standard output.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, DeviceException {
        DemoTarget target = mixing.isAsked() ? platform.target(MixedOptions.TOKEN_LIFETIME) : platform.target();
        Measurement measurement = load(target).run();
        System.out.println(json ? measurement.json() : measurement.text());
        return measurement.isClean() ? 0 : 1;
    }

    private LoadRun load(DemoTarget target) {
        try {
            if (platform.httpShare() > 0 && (pushing.isAsked() || connecting.isAsked())) {
                throw new IllegalArgumentException("--http is for messages: not with --push, --connects or --storm");
            }
            if (mixing.isAsked()) {
                return mixed(target);
            }
            if (pushing.isAsked()) {
                return pushes(target);
            }
            return connecting.isAsked() ? connects(target) : messages(target);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private LoadRun connects(DemoTarget target) {
        ConnectingOptions.Common common = new ConnectingOptions.Common(devices, rate, seconds, warmup, encoding);
        return connecting.load(target, common, platform.data(), System.err);
    }

    private LoadRun pushes(DemoTarget target) {
        if (connecting.isAsked()) {
            throw new IllegalArgumentException("--push and --connects or --storm are two loads: ask for one");
        }
        return pushing.load(target, devices, rate, seconds, warmup, groupSize, platform.data(), System.err);
    }

    private LoadRun mixed(DemoTarget target) {
        if (pushing.isAsked() || connecting.isAsked() || platform.httpShare() > 0) {
            throw new IllegalArgumentException(
                    "--mixed is a load of its own: not with --push, --connects, --storm or --http");
        }
        return mixing.load(target, devices, rate, seconds, warmup, platform.data(), System.err);
    }

    private LoadRun messages(DemoTarget target) {
        Load load = new Load(devices, rate, seconds, warmup, groupSize, encoding, receipts);
        ServerProcesses processes = new ServerProcesses(platform.data(), Path.of("/proc"));
        return platform.httpShare() > 0
                ? new TransportsRun(target, load, processes, System.err)
                : new MessageRun(target, load, Transport.MQTT, processes, System.err);
    }
}
