package io.parley.standalone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code <data>/run}: who runs on this data directory. A lock keeps a second platform out, and a second server on the same files; a file
 * per process holds its pid and birth, so that a pid taken over by a stranger is never touched.
 */
public final class RunDirectory {
    static final String SUPERVISOR = "supervisor";

    private static final String SUFFIX = ".pid";

    private final Path folder;

    /** Of the platform whose data is in {@code data}. */
    public RunDirectory(Path data) {
        this.folder = data.resolve("run");
    }

    /**
     * Takes the whole directory; it is held until closed or until this process ends.
     *
     * @throws PlatformException when a platform, or a role that is served alone, holds it or a part
     */
    FileChannel lock() throws IOException, PlatformException {
        return lock(0, Long.MAX_VALUE);
    }

    /**
     * Takes the part of one role, for a process of that role that is run without a platform; held likewise. Ends what an earlier platform
     * has left behind of it.
     *
     * @throws PlatformException when a platform or another process of that role holds it
     */
    public FileChannel lock(RoleName role) throws IOException, PlatformException {
        FileChannel lock = lock(List.of(RoleName.values()).indexOf(role), 1);
        endLeftover(role.toString());
        return lock;
    }

    private FileChannel lock(long from, long size) throws IOException, PlatformException {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock(from, size, false);
        } catch (OverlappingFileLockException e) {
            // Held by this very JVM: refused like any other.
        }
        if (lock == null) {
            channel.close();
            throw new PlatformException(
                    "a platform or a part of it runs on " + folder.getParent()
                            + " already: use it, stop it (./parley down, or Ctrl-C where it is served), or choose another --data");
        }
        return channel;
    }

    void record(String name, ProcessHandle process) throws IOException {
        Files.createDirectories(folder);
        Path fresh = folder.resolve(name + ".new");
        Files.writeString(fresh, process.pid() + " " + birth(process));
        Files.move(fresh, pidFile(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes down where things are, for those who find the platform through its data directory. Its owner's eyes only. */
    void describe(Map<String, String> environment, Plan plan) throws IOException {
        Path file = folder.resolve(RunningPlatform.ENVIRONMENT_FILE);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Properties properties = new Properties();
        properties.putAll(environment);
        properties.put(
                RunningPlatform.ROLES, plan.roles().stream().map(RoleName::name).collect(Collectors.joining(",")));
        properties.put(RunningPlatform.LAYOUT, plan.layout().name());
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
    }

    void forget(String name) {
        try {
            Files.deleteIfExists(pidFile(name));
        } catch (IOException e) {
            // What is left names a process that is gone: nobody takes it for a running one.
        }
    }

    /** The recorded process, if it is alive and still the same. */
    Optional<ProcessHandle> running(String name) {
        try {
            String[] parts = Files.readString(pidFile(name)).strip().split(" ", 2);
            return ProcessHandle.of(Long.parseLong(parts[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> birth(process).equals(parts[1]));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** Ends what an earlier platform has left behind; call it with the lock held. */
    void endLeftovers() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String process = name.substring(0, name.length() - SUFFIX.length());
                if (!process.equals(SUPERVISOR)) {
                    endLeftover(process);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void endLeftover(String name) {
        running(name).ifPresent(process -> end(process, Duration.ofSeconds(15)));
        forget(name);
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
        return folder.resolve(name + SUFFIX);
    }

    /** When the process began, in words that no change of the clock alters. On Linux: which boot, and how many ticks after it. */
    static String birth(ProcessHandle process) {
        Path proc = Path.of("/proc");
        try {
            String stat =
                    Files.readString(proc.resolve(String.valueOf(process.pid())).resolve("stat"), ISO_8859_1);
            // The second field, the name in brackets, may hold spaces and brackets; the start is the 22nd.
            String[] fromThird = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fromThird[22 - 3] + "@"
                    + Files.readString(proc.resolve("sys/kernel/random/boot_id"))
                            .strip();
        } catch (IOException | IndexOutOfBoundsException e) {
            return process.info().startInstant().map(Instant::toString).orElse("unknown");
        }
    }
}
