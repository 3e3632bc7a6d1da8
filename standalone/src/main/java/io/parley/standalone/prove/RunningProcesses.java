package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import io.parley.standalone.RoleName;
import io.parley.standalone.RunningPlatform;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The processes of a cluster that runs on this machine. Thread-safe. */
public final class RunningProcesses implements Processes, AutoCloseable {
    private static final long POLL_MILLIS = 200;
    /** Of util-linux. The hard limit stays, so that anybody may raise it again. */
    private static final String PRLIMIT = "prlimit";

    private final RunningPlatform platform;
    private final Map<ProcessName, Integer> classes = new HashMap<>();
    private @Nullable Firewall firewall;

    /** @param platform whose supervisor starts anew what was killed */
    public RunningProcesses(RunningPlatform platform) {
        this.platform = platform;
    }

    @Override
    public Optional<String> lacks(Need need) {
        return switch (need) {
            case NOTHING -> Optional.empty();
            case FIREWALL -> Firewall.lacks();
            case FILE_LIMIT ->
                Commands.has(PRLIMIT)
                        ? Optional.empty()
                        : Optional.of("there is no prlimit (Debian: apt-get install util-linux)");
        };
    }

    @Override
    public void kill(ProcessName process) {
        platform.process(process).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public void stop(ProcessName process) {
        platform.process(process).ifPresent(ProcessHandle::destroy);
    }

    @Override
    public void pause(ProcessName process) throws IOException {
        signal("STOP", process);
    }

    @Override
    public void resume(ProcessName process) throws IOException {
        signal("CONT", process);
    }

    @Override
    public Healing sever(ProcessName process, RoleName from, Direction direction) throws IOException {
        Firewall rules = firewall();
        List<ProcessName> others = platform.plan().processes().stream()
                .filter(other -> other.role() == from && !other.equals(process))
                .toList();
        List<Firewall.Rule> drops = new ArrayList<>();
        Set<ProcessName> clients = new HashSet<>(Set.of(process));
        for (ProcessName other : others) {
            for (InetSocketAddress at : platform.plan().addresses(other)) {
                drops.addAll(Firewall.drops(classOf(process), at, direction));
            }
            if (process.role() == from) {
                // They connect to it as it does to them.
                clients.add(other);
                for (InetSocketAddress at : platform.plan().addresses(process)) {
                    drops.addAll(Firewall.drops(classOf(other), at, opposite(direction)));
                }
            }
        }
        Repeated entering = Repeated.start(() -> {
            for (ProcessName client : clients) {
                enter(client);
            }
        });
        rules.add(drops);
        return () -> {
            entering.close();
            rules.remove(drops);
        };
    }

    private synchronized int classOf(ProcessName process) throws IOException {
        Integer known = classes.get(process);
        if (known == null) {
            known = firewall().newClass();
            classes.put(process, known);
        }
        return known;
    }

    /** Rules know it by its class; one that was started anew is none of it yet. */
    private void enter(ProcessName process) throws IOException {
        Optional<ProcessHandle> running = platform.process(process);
        if (running.isPresent()) {
            firewall().enter(classOf(process), running.get().pid());
        }
    }

    private static Direction opposite(Direction direction) {
        return switch (direction) {
            case BOTH -> Direction.BOTH;
            case SENT -> Direction.RECEIVED;
            case RECEIVED -> Direction.SENT;
        };
    }

    @Override
    public Healing lose(int percent, Collection<ProcessName> processes) throws IOException {
        Firewall rules = firewall();
        List<Firewall.Rule> losses = new ArrayList<>();
        for (ProcessName process : processes) {
            for (InetSocketAddress at : platform.plan().addresses(process)) {
                losses.addAll(Firewall.losses(at, percent));
            }
        }
        rules.add(losses);
        return () -> rules.remove(losses);
    }

    @Override
    public Healing fillDisk(ProcessName process) throws IOException {
        Repeated filling = Repeated.start(() -> limitFiles(process, "0:"));
        return () -> {
            filling.close();
            limitFiles(process, "unlimited:");
        };
    }

    private void limitFiles(ProcessName process, String limit) throws IOException {
        Optional<ProcessHandle> running = platform.process(process);
        if (running.isPresent()) {
            try {
                Commands.run(PRLIMIT, "--pid", String.valueOf(running.get().pid()), "--fsize=" + limit);
            } catch (IOException e) {
                if (running.get().isAlive()) {
                    throw e;
                }
            }
        }
    }

    private synchronized Firewall firewall() throws IOException {
        if (firewall == null) {
            firewall = Firewall.open();
        }
        return firewall;
    }

    @Override
    public void waitSeconds(int seconds) throws InterruptedException {
        TimeUnit.SECONDS.sleep(seconds);
    }

    /** Waits until every process answers that it can serve; false when one does not within the limit. */
    public boolean awaitAllReady(Duration limit) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!platform.plan().processes().stream().allMatch(platform::isReady)) {
            if (System.nanoTime() - deadlineNanos > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }

    private void signal(String name, ProcessName process) throws IOException {
        Optional<ProcessHandle> running = platform.process(process);
        // If there is none it is being started anew: as good as paused.
        if (running.isPresent()) {
            Commands.run("kill", "-" + name, String.valueOf(running.get().pid()));
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (firewall != null) {
            firewall.close();
        }
    }
}
