package io.parley.standalone;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Makes a role's command line and starts it. */
public final class Launcher {
    private static final String STOP_WITH_PARENT = "PARLEY_STOP_WITH_PARENT";

    private final Installation installation;

    /** A launcher of the processes of {@code installation}. */
    public Launcher(Installation installation) {
        this.installation = installation;
    }

    /** A started process and the archive that it may leave behind. */
    record Started(Process process, ClassArchive archive) {}

    /** Starts a role as a child that ends when this process ends; its output is on its standard output. */
    Started startChild(Role role) throws IOException, PlatformException {
        ClassArchive archive = ClassArchive.of(
                installation.target(role.module()), installation.classPath(role.module()), role.process());
        List<String> command = new ArrayList<>(ownSession());
        List<String> flags = new ArrayList<>(archive.flags(role.process().index() == 0));
        flags.add(Compilers.of(System.getenv(), Runtime.getRuntime().availableProcessors())
                .flag());
        command.addAll(command(role, flags));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(role.environment());
        builder.environment().put(STOP_WITH_PARENT, "true");
        return new Started(builder.start(), archive);
    }

    /** Starts a role in this terminal: it shares this process's output and Ctrl-C, and ends when this process ends. */
    public Process startInTerminal(Role role) throws IOException, PlatformException {
        ProcessBuilder builder =
                new ProcessBuilder(command(role, List.of())).inheritIO().redirectInput(Redirect.PIPE);
        builder.environment().putAll(role.environment());
        builder.environment().put(STOP_WITH_PARENT, "true");
        return builder.start();
    }

    /** Stops a process in order, by force after 25 s. */
    public static void stop(Process process) {
        RunDirectory.end(process.toHandle(), Duration.ofSeconds(25));
    }

    /** A session of its own keeps a terminal's Ctrl-C from the child: the supervisor stops its children in order. */
    public static List<String> ownSession() {
        Path setsid = Path.of("/usr/bin/setsid");
        return Files.isExecutable(setsid) ? List.of(setsid.toString()) : List.of();
    }

    private List<String> command(Role role, List<String> flags) throws IOException, PlatformException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + role.heapMiB() + "m");
        command.add("-XX:+UseSerialGC");
        // Half of a process is worse than none: the supervisor starts a new one.
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(moduleOptions(role.module()));
        command.addAll(flags);
        command.add("-cp");
        command.add(installation.classPath(role.module()).stream()
                .map(Path::toString)
                .collect(Collectors.joining(java.io.File.pathSeparator)));
        command.add(role.mainClass());
        return command;
    }

    private List<String> moduleOptions(String module) throws IOException {
        Path options = installation.home().resolve(module).resolve("jvm.options");
        if (Files.notExists(options)) {
            return List.of();
        }
        return Files.readAllLines(options).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}
