package io.parley.standalone;

import io.parley.identity.DevKeys;
import io.parley.identity.TopicClaims;
import io.parley.protocol.UserId;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.Settings;
import io.parley.standalone.Site.Listener;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A platform on this machine: Kafka, Cassandra, engine, broker node, history service, and maybe push service and push sink as child processes, watched and started
 * anew when they end. Start and stop are for one thread; the rest may be called from any.
 */
public final class Platform implements Closeable {
    private static final Duration READY_LIMIT = Duration.ofMinutes(8);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(25);

    private final Installation installation;
    private final Path data;
    private final Addresses addresses;
    private final Progress progress;
    private final RunDirectory run;
    private final DevKeys keys;
    private final Map<String, String> environment;
    private final Plan plan;
    private final Map<ProcessName, SupervisedRole> roles = new LinkedHashMap<>();
    private @Nullable FileChannel lock;

    private Platform(Options options) throws IOException, PlatformException {
        this.installation = options.installation();
        this.data = options.data().toAbsolutePath().normalize();
        this.addresses = options.addresses();
        this.progress = options.progress();
        this.run = new RunDirectory(data);
        Files.createDirectories(data.resolve("log"));
        Settings settings = Settings.load();
        JwtSettings believed = Tokens.believed(settings, data);
        this.keys = DevKeys.openOrCreate(Tokens.folder(data), believed.issuer(), believed.audience());
        this.plan = options.layout().plan(addresses, options.roles(), ClusterSettings.from(settings));
        this.environment = PlatformEnvironment.of(settings, plan.environment(), data);
        if (options.roles().contains(RoleName.PUSH_SINK)) {
            environment.putAll(PushSink.environment(addresses, data));
        }
        if (options.roles().contains(RoleName.PLUGINS)) {
            environment.putAll(PluginsFolder.environment(settings, addresses, data));
        }
        if (options.roles().contains(RoleName.PLUGINS)) {
            environment.putAll(PluginsFolder.environment(settings, addresses, data));
        }
        environment.putAll(options.environment());
        Launcher launcher = new Launcher(options.installation());
        plan.table(environment, data).forEach((process, role) -> {
            RollingLog log = new RollingLog(data.resolve("log").resolve(process + ".log"));
            roles.put(process, new SupervisedRole(role, launcher, run, log, progress));
        });
    }

    /**
     * What a platform is made of.
     *
     * @param installation the built project
     * @param data where everything is kept
     * @param addresses where it listens
     * @param roles which processes it has
     * @param layout how many of each
     * @param environment more settings for every process, stronger than the platform's own
     * @param progress hears what happens
     */
    public record Options(
            Installation installation,
            Path data,
            Addresses addresses,
            Set<RoleName> roles,
            Layout layout,
            Map<String, String> environment,
            Progress progress) {

        public Options {
            roles = Set.copyOf(roles);
            environment = Map.copyOf(environment);
        }

        /** One process of each role. */
        public Options(
                Installation installation,
                Path data,
                Addresses addresses,
                Set<RoleName> roles,
                Map<String, String> environment,
                Progress progress) {
            this(installation, data, addresses, roles, Layout.ALONE, environment, progress);
        }
    }

    /**
     * Starts a platform and returns when every process is ready.
     *
     * @throws PlatformException when the data directory or a port is taken, something is not built, or a process does not get ready;
     *     nothing is left running then
     */
    public static Platform start(Options options) throws IOException, PlatformException {
        Path run = Files.createDirectories(options.data().toAbsolutePath()).resolve("run");
        FileChannel lock = new RunDirectory(run.getParent() == null ? run : run.getParent()).lock();
        try {
            options.layout().requireFits(run.getParent() == null ? run : run.getParent());
            Platform platform = new Platform(options);
            platform.lock = lock;
            platform.startAll();
            return platform;
        } catch (IOException | PlatformException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void startAll() throws IOException, PlatformException {
        plan.requireUsable();
        for (SupervisedRole role : roles.values()) {
            installation.classPath(role.role().module());
        }
        run.endLeftovers();
        Optional<Listener> taken = plan.firstTaken();
        if (taken.isPresent()) {
            Port port = taken.get().port();
            throw new PlatformException(
                    "port " + taken.get().number() + " (" + port.title() + ") is taken: set " + port.variable()
                            + " to another, or stop what uses it (a platform: ./parley down --data ITS_DIRECTORY)");
        }
        run.describe(environment, plan);
        run.record(RunDirectory.SUPERVISOR, ProcessHandle.current());
        Thread hook = new Thread(this::close, "stop-platform");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            for (int wave : waves()) {
                List<SupervisedRole> together = wave(wave);
                together.forEach(SupervisedRole::start);
                for (SupervisedRole role : together) {
                    role.awaitReady(READY_LIMIT);
                }
            }
        } catch (PlatformException e) {
            close();
            throw e;
        }
    }

    private List<Integer> waves() {
        return roles.values().stream()
                .map(role -> role.role().wave())
                .distinct()
                .sorted()
                .toList();
    }

    private List<SupervisedRole> wave(int number) {
        return roles.values().stream()
                .filter(role -> role.role().wave() == number)
                .toList();
    }

    /** Stops every process in reverse order and returns when none is left. */
    public synchronized void stop() {
        FileChannel held = lock;
        if (held == null) {
            return;
        }
        List<Integer> waves = new ArrayList<>(waves());
        waves.sort(Comparator.reverseOrder());
        for (int wave : waves) {
            wave(wave).parallelStream().forEach(role -> role.stop(STOP_PATIENCE));
        }
        run.forget(RunDirectory.SUPERVISOR);
        lock = null;
        try {
            held.close();
        } catch (IOException e) {
            progress.line("the data directory's lock could not be released: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        stop();
    }

    public Addresses addresses() {
        return addresses;
    }

    /** What it is made of. */
    public Plan plan() {
        return plan;
    }

    /** The data directory, absolute. */
    public Path data() {
        return data;
    }

    /** The environment that tells a client of this platform where things are. */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** A token of {@code user}, signed with the platform's own key: it is accepted unless the user's settings name other keys. */
    public String token(UserId user, Duration lifetime) {
        return keys.sign(user, lifetime);
    }

    /** The same, with rights to topics beside the chat. */
    public String token(UserId user, Duration lifetime, TopicClaims topics) {
        return keys.sign(user, lifetime, topics);
    }

    /** The processes, in the order in which they start. */
    public List<RoleStatus> status() {
        return roles.values().stream().map(SupervisedRole::status).toList();
    }

    public RoleStatus status(RoleName name) {
        return status(ProcessName.only(name));
    }

    public RoleStatus status(ProcessName process) {
        return role(process).status();
    }

    /** The process of a role. @throws IllegalStateException when it has none now */
    public long pid(RoleName name) {
        return pid(ProcessName.only(name));
    }

    /** As of the system. @throws IllegalStateException when it has none now */
    public long pid(ProcessName process) {
        return status(process).pid().orElseThrow(() -> new IllegalStateException(process + " does not run"));
    }

    /** SIGKILL; returns when the process is gone. It is started anew, unless it is held. */
    public void kill(RoleName name) {
        kill(ProcessName.only(name));
    }

    /** SIGKILL; returns when the process is gone. It is started anew, unless it is held. */
    public void kill(ProcessName process) {
        role(process).kill();
    }

    /** From now on the role stays down when it ends, until {@link #release}. */
    public void hold(RoleName name) {
        role(ProcessName.only(name)).hold();
    }

    /** Ends a hold; the role is started if it is down. */
    public void release(RoleName name) {
        role(ProcessName.only(name)).release();
    }

    /** An orderly stop and a new start of one role; returns when it is ready. */
    public void restart(RoleName name) throws PlatformException {
        SupervisedRole role = role(ProcessName.only(name));
        role.stop(STOP_PATIENCE);
        role.start();
        role.awaitReady(READY_LIMIT);
    }

    /** Waits until a role is ready. */
    public void awaitReady(RoleName name, Duration limit) throws PlatformException {
        awaitReady(ProcessName.only(name), limit);
    }

    /** Waits until a process is ready. */
    public void awaitReady(ProcessName process, Duration limit) throws PlatformException {
        role(process).awaitReady(limit);
    }

    private SupervisedRole role(ProcessName process) {
        SupervisedRole role = roles.get(process);
        if (role == null) {
            throw new IllegalArgumentException("this platform has no " + process);
        }
        return role;
    }
}
