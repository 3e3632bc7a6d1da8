package io.parley.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code parley replay FILE}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Replays an IRC log as one group: each speaker a client, each line a message;",
            "some lines are edited, deleted or get reactions. With --http some members send and receive by HTTP.",
            "Then audits what everybody saw; exits 0 only if there was no anomaly."
        })
public final class ReplayCommand implements Callable<Integer> {
    @Mixin
    private PlatformOptions platform = new PlatformOptions();

    @Parameters(paramLabel = "FILE", description = "A log with lines [HH:MM] <nick> text.")
    private Path file = Path.of("");

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Draws the members of --http as the run did that printed it (default: another one each time).")
    private long seed = ThreadLocalRandom.current().nextLong(1_000_000);

    @Override
    public Integer call() throws IOException, DeviceException {
        ReplayTransports transports = new ReplayTransports(platform.httpShare(), seed);
        return ReplayRun.run(platform.target(), IrcLog.read(file), transports, Terminals.utf8())
                        .isClean()
                ? 0
                : 1;
    }
}
