package io.parley.standalone.cli;

import io.parley.standalone.Launcher;
import io.parley.standalone.Layout;
import io.parley.standalone.Platform;
import io.parley.standalone.PlatformException;
import io.parley.standalone.Progress;
import io.parley.standalone.RoleName;
import io.parley.standalone.RunningPlatform;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A {@link Platform} in a supervisor process of its own, which outlives the terminal. */
final class DetachedPlatform {
    static final String READY = "Parley is ready";

    private final Path data;
    private final Layout layout;
    private final List<RoleName> only;

    DetachedPlatform(Path data, Layout layout, List<RoleName> only) {
        this.data = data;
        this.layout = layout;
        this.only = List.copyOf(only);
    }

    /** Starts the supervisor and repeats what it says until it is ready; its exit code when it ended instead. */
    int start(Progress progress) throws IOException, InterruptedException, PlatformException {
        if (RunningPlatform.on(data).isPresent()) {
            throw new PlatformException("a platform runs on " + data
                    + " already: use it, stop it with ./parley down, or choose another --data");
        }
        Path log = Files.createDirectories(data.resolve("log")).resolve("supervisor.log");
        Files.deleteIfExists(log);
        Process supervisor = new ProcessBuilder(command())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = Files.newBufferedReader(log)) {
            boolean ready = false;
            while (true) {
                boolean ended = !supervisor.isAlive();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    progress.line(line);
                    ready |= line.startsWith(READY);
                }
                if (ready) {
                    progress.line("stop it with ./parley down");
                    return 0;
                }
                if (ended) {
                    return Math.max(1, supervisor.exitValue());
                }
                supervisor.waitFor(100, TimeUnit.MILLISECONDS);
            }
        }
    }

    List<String> command() {
        List<String> command = new ArrayList<>(Launcher.ownSession());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Dparley.home=" + System.getProperty("parley.home", ""));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ParleyCli.class.getName()));
        command.addAll(List.of("up", "--data", data.toString()));
        if (layout == Layout.CLUSTER) {
            command.add("--cluster");
        }
        command.add("--only");
        command.add(only.stream().map(RoleName::toString).collect(Collectors.joining(",")));
        return command;
    }
}
