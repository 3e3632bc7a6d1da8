package io.parley.bench.connecting;

import io.parley.demo.DeviceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The broker node of a platform on this machine. */
public final class NodeProcess {
    private static final int START_TIME = 22;

    private final Path pidFile;
    private final Path proc;

    /** @param data the platform's data directory, whose {@code run/broker.pid} tells the process */
    public NodeProcess(Path data, Path proc) {
        this.pidFile = data.resolve("run").resolve("broker.pid");
        this.proc = proc;
    }

    /**
     * Kills it with SIGKILL, and returns when it is gone. The platform's supervisor starts it anew.
     *
     * @throws DeviceException when no node runs on the data directory
     */
    void kill() throws DeviceException {
        ProcessHandle process = ProcessHandle.of(pid())
                .orElseThrow(() -> new DeviceException("the node of " + pidFile + " does not run"));
        process.destroyForcibly();
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeviceException("interrupted", e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new DeviceException("the node does not end: " + e, e);
        }
    }

    /** Its pid, if it is that very process that runs, and not another that has taken over its number. */
    long pid() throws DeviceException {
        try {
            String[] parts = Files.readString(pidFile).strip().split(" ", 2);
            if (parts.length == 2 && parts[1].equals(birth(parts[0]))) {
                return Long.parseLong(parts[0]);
            }
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            throw new DeviceException("no node that could be killed runs on the --data directory: " + e, e);
        }
        throw new DeviceException("the node of " + pidFile + " does not run");
    }

    /** When a process began, as the platform writes it down: in ticks after the boot, and which boot. */
    private String birth(String pid) throws IOException {
        String stat = Files.readString(proc.resolve(pid).resolve("stat"), StandardCharsets.ISO_8859_1);
        // The name in brackets, the second field, may hold anything.
        String[] fromThird = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return fromThird[START_TIME - 3] + "@"
                + Files.readString(proc.resolve("sys/kernel/random/boot_id")).strip();
    }
}
