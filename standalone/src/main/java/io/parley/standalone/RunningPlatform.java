package io.parley.standalone;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A platform that runs in another process, seen through its data directory. */
public final class RunningPlatform {
    static final String ENVIRONMENT_FILE = "environment.properties";

    /** Of that file: the processes, separated by commas. */
    static final String ROLES = "roles";

    /** Of that file: the {@link Layout}; without it one of each. */
    static final String LAYOUT = "layout";

    private final RunDirectory run;
    private final ProcessHandle supervisor;
    private final Set<RoleName> roles;
    private final Layout layout;
    private final Map<String, String> environment;

    private RunningPlatform(
            RunDirectory run,
            ProcessHandle supervisor,
            Set<RoleName> roles,
            Layout layout,
            Map<String, String> environment) {
        this.run = run;
        this.supervisor = supervisor;
        this.roles = roles;
        this.layout = layout;
        this.environment = environment;
    }

    /** The platform that runs on {@code data}, if one does. */
    public static Optional<RunningPlatform> on(Path data) throws IOException {
        RunDirectory run = new RunDirectory(data);
        Optional<ProcessHandle> supervisor = run.running(RunDirectory.SUPERVISOR);
        Path file = data.resolve("run").resolve(ENVIRONMENT_FILE);
        if (supervisor.isEmpty() || Files.notExists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Map<String, String> environment = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> environment.put(name, properties.getProperty(name)));
        Set<RoleName> roles = roles(environment.remove(ROLES));
        Layout layout = Layout.CLUSTER.name().equals(environment.remove(LAYOUT)) ? Layout.CLUSTER : Layout.ALONE;
        return Optional.of(new RunningPlatform(run, supervisor.get(), roles, layout, environment));
    }

    /** A platform that another version started may say nothing of its processes, or name some that are unknown here. */
    private static Set<RoleName> roles(@Nullable String names) {
        if (names == null) {
            return RoleName.usual();
        }
        List<String> named = List.of(names.split(",", -1));
        return EnumSet.allOf(RoleName.class).stream()
                .filter(role -> named.contains(role.name()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(RoleName.class)));
    }

    /** The processes that it is made of, whether they run now or not. */
    public Set<RoleName> roles() {
        return EnumSet.copyOf(roles);
    }

    /** The environment that tells a client where things are. */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    public Addresses addresses() {
        return Addresses.from(environment);
    }

    /** Whether it still does. */
    public boolean runs() {
        return supervisor.isAlive();
    }

    public long supervisorPid() {
        return supervisor.pid();
    }

    /** What it is made of. */
    public Plan plan() {
        return layout.plan(addresses(), roles, new ClusterSettings(1, 1));
    }

    /** The process of a role, if it has one now. */
    public Optional<ProcessHandle> process(RoleName role) {
        return process(ProcessName.only(role));
    }

    /** As the system knows it, if it runs now. */
    public Optional<ProcessHandle> process(ProcessName process) {
        return run.running(process.toString());
    }

    /** Whether a role answers that it can serve. */
    public boolean isReady(RoleName name) {
        return isReady(ProcessName.only(name));
    }

    /** Whether a process answers that it can serve. */
    public boolean isReady(ProcessName process) {
        Role role = plan().table(Map.of(), Path.of("")).get(process);
        return role != null && role.readiness().ready();
    }

    /** Asks the supervisor to stop everything and waits until it has; kills what is left after {@code patience}. */
    public void stop(Duration patience) {
        RunDirectory.end(supervisor, patience);
        run.endLeftovers();
    }
}
