package io.parley.standalone;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The programs that use a platform as a client, each in a JVM of its own with this terminal. */
public enum ClientProgram {
    DEMO("clients/paho-demo", "io.parley.demo.DemoMain"),
    CHAT("clients/paho-demo", "io.parley.demo.ChatMain"),
    REPLAY("clients/paho-demo", "io.parley.demo.ReplayMain"),
    BENCH("bench", "io.parley.bench.BenchMain"),
    COMPARE("bench/peers", "io.parley.bench.peers.CompareMain"),
    STORAGE("bridge/operator", "io.parley.operator.AdminMain", "storage"),
    ERASE("bridge/operator", "io.parley.operator.AdminMain", "erase"),
    USERS("bridge/operator", "io.parley.operator.AdminMain", "users"),
    REVOKE("bridge/operator", "io.parley.operator.AdminMain", "revoke"),
    BURIED("bridge/operator", "io.parley.operator.AdminMain", "buried"),
    SERVERS("bridge/operator", "io.parley.operator.AdminMain", "servers"),
    TRACE("bridge/operator", "io.parley.operator.AdminMain", "trace");

    private final String module;
    private final String mainClass;
    private final String subcommand;

    ClientProgram(String module, String mainClass) {
        this(module, mainClass, "");
    }

    ClientProgram(String module, String mainClass, String subcommand) {
        this.module = module;
        this.mainClass = mainClass;
        this.subcommand = subcommand;
    }

    /**
     * Runs it to its end and returns its exit code.
     *
     * @param environment of the platform: addresses, {@code PARLEY_DATA} (its key pair is in {@code identity/} there)
     */
    public int run(Installation installation, List<String> arguments, Map<String, String> environment)
            throws IOException, PlatformException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(installation, arguments)).inheritIO();
        builder.environment().putAll(environment);
        TerminalInterrupts.leaveToChild();
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Launcher.stop(process), "stop-" + module));
        return process.waitFor();
    }

    /** A load that runs beside this process: its result is on its standard output, what goes on there on standard error. */
    public static final class Load implements AutoCloseable {
        private static final String MEASURING = "measuring";

        private final Process process;
        private final BufferedReader said;

        private Load(Process process) {
            this.process = process;
            this.said = process.errorReader(StandardCharsets.UTF_8);
        }

        /** @throws PlatformException when the load ends before it measures */
        public void awaitMeasuring() throws IOException, PlatformException {
            StringBuilder all = new StringBuilder();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith(MEASURING)) {
                    return;
                }
                all.append(line).append('\n');
            }
            throw new PlatformException("the load does not start: " + all);
        }

        /** Waits for its end. Returns its result. */
        public String finish() throws IOException, InterruptedException {
            try (BufferedReader result = process.inputReader(StandardCharsets.UTF_8)) {
                String all = result.lines().collect(Collectors.joining("\n"));
                process.waitFor();
                return all;
            }
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /** Starts {@code bench}. */
    public static Load startLoad(Installation installation, List<String> arguments, Map<String, String> environment)
            throws IOException, PlatformException {
        ProcessBuilder builder = new ProcessBuilder(BENCH.command(installation, arguments));
        builder.environment().putAll(environment);
        return new Load(builder.start());
    }

    /** What to start it with; its environment is to be the platform's. */
    List<String> command(Installation installation, List<String> arguments) throws IOException, PlatformException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-DPARLEY_LOG_LEVEL=WARN", "-cp"));
        command.add(installation.classPath(module).stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)));
        command.add(mainClass);
        if (!subcommand.isEmpty()) {
            command.add(subcommand);
        }
        command.addAll(arguments);
        return command;
    }
}
