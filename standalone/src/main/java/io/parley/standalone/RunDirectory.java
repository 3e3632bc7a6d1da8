package io.parley.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code <data>/run}: who runs on this data directory. A lock keeps a second platform out; a file per process holds its pid and start
 * time, so that a pid taken over by a stranger is never touched.
 */
final class RunDirectory {
    static final String SUPERVISOR = "supervisor";

    private final Path folder;

    RunDirectory(Path data) {
        this.folder = data.resolve("run");
    }

    /**
     * Takes the lock; it is held until closed or until this process ends.
     *
     * @throws PlatformException when another platform holds it
     */
    FileChannel lock() throws IOException, PlatformException {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this very JVM: refused like any other.
        }
        if (lock == null) {
            channel.close();
            throw new PlatformException("a platform runs on " + folder.getParent()
                    + " already: use it, stop it with ./parley down, or choose another --data");
        }
        return channel;
    }

    void record(String name, ProcessHandle process) {
        try {
            Files.createDirectories(folder);
            Path fresh = folder.resolve(name + ".new");
            Files.writeString(fresh, process.pid() + " " + startMillis(process));
            Files.move(fresh, pidFile(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
    }

    /** Writes down where things are, for those who find the platform through its data directory. Its owner's eyes only. */
    void describe(Map<String, String> environment) throws IOException {
        Path file = folder.resolve(RunningPlatform.ENVIRONMENT_FILE);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Properties properties = new Properties();
        properties.putAll(environment);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
    }

    void forget(String name) {
        try {
            Files.deleteIfExists(pidFile(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
    }

    /** The recorded process, if it is alive and still the same. */
    Optional<ProcessHandle> running(String name) {
        try {
            String[] parts = Files.readString(pidFile(name)).strip().split(" ", -1);
            long startMillis = Long.parseLong(parts[1]);
            return ProcessHandle.of(Long.parseLong(parts[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> startMillis(process) == startMillis);
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** Ends what an earlier platform has left behind; call it with the lock held. */
    void endLeftovers() {
        for (RoleName role : RoleName.values()) {
            running(role.toString()).ifPresent(process -> end(process, Duration.ofSeconds(15)));
            forget(role.toString());
        }
    }

    /** SIGTERM, and SIGKILL when that does not help within {@code patience}. */
    static void end(ProcessHandle process, Duration patience) {
        process.destroy();
        if (!awaitEnd(process, patience)) {
            process.destroyForcibly();
            awaitEnd(process, Duration.ofSeconds(5));
        }
    }

    static boolean awaitEnd(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    private Path pidFile(String name) {
        return folder.resolve(name + ".pid");
    }

    private static long startMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
