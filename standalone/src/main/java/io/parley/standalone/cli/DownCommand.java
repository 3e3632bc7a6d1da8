package io.parley.standalone.cli;

import io.parley.standalone.RunningPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops a running platform. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stops the platform on the data directory; its data stays.")
final class DownCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws IOException {
        Path directory = data.directory();
        Optional<RunningPlatform> running = RunningPlatform.on(directory);
        if (running.isEmpty()) {
            System.out.println("nothing runs on " + directory);
            return 0;
        }
        System.out.println("stopping Parley on " + directory);
        running.get().stop(PATIENCE);
        System.out.println("stopped");
        return 0;
    }
}
