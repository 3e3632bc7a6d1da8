package io.parley.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley replay FILE}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Replays an IRC log as one group: each speaker a client, each line a message;",
            "some lines are edited, deleted or get reactions. With --by-http some members send and receive by HTTP.",
            "Then audits what everybody saw; exits 0 only if there was no anomaly."
        })
public final class ReplayCommand implements Callable<Integer> {
    @Mixin
    private PlatformOptions platform = new PlatformOptions();

    @Parameters(paramLabel = "FILE", description = "A log with lines [HH:MM] <nick> text.")
    private Path file = Path.of("");

    @Option(
            names = "--by-http",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "The share of the members that call and poll instead of using MQTT, 0 to 1 (default: ${DEFAULT-VALUE}).")
    private double byHttp;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Draws the members of --by-http as the run did that printed it (default: another one each time).")
    private long seed = ThreadLocalRandom.current().nextLong(1_000_000);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, DeviceException {
        if (!(byHttp >= 0 && byHttp <= 1)) {
            throw new ParameterException(spec.commandLine(), "--by-http is from 0 to 1");
        }
        ReplayTransports transports = new ReplayTransports(byHttp, seed);
        return ReplayRun.run(platform.target(), IrcLog.read(file), transports, Terminals.utf8())
                        .isClean()
                ? 0
                : 1;
    }
}
