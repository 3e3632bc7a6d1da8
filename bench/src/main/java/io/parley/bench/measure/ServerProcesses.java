package io.parley.bench.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** CPU time and memory of the platform's processes, as the operating system accounts for them ({@code /proc}). */
public final class ServerProcesses {
    private static final long MICROS_PER_TICK = 10_000;
    private static final String SUPERVISOR = "supervisor";

    private final Path run;
    private final Path proc;

    /** @param data the platform's data directory, whose {@code run/ROLE.pid} tell the processes */
    public ServerProcesses(Path data, Path proc) {
        this.run = data.resolve("run");
        this.proc = proc;
    }

    /** Microseconds of CPU time that each role has used since its start; no entry for one that cannot be read. */
    public Map<String, Long> cpuMicros() {
        return each((pid, role) -> {
            String stat = Files.readString(proc.resolve(pid).resolve("stat"));
            // The command's name may hold anything, so count from its closing parenthesis: utime and stime are fields
            // 14 and 15.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
        });
    }

    /**
     * Microseconds of CPU time that each role has used since an earlier reading. No entry for a process that was restarted in between: it
     * counts from nothing, and no figure is better than a wrong one.
     */
    public Map<String, Long> cpuMicrosSince(Map<String, Long> earlier) {
        Map<String, Long> used = new TreeMap<>();
        cpuMicros().forEach((role, micros) -> {
            Long before = earlier.get(role);
            if (before != null && micros >= before) {
                used.put(role, micros - before);
            }
        });
        return used;
    }

    /** Resident memory of each role in MiB. */
    public Map<String, Long> residentMiB() {
        return each((pid, role) -> {
            for (String line : Files.readAllLines(proc.resolve(pid).resolve("status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
                }
            }
            throw new IOException("no VmRSS of " + role);
        });
    }

    private interface Reading {
        long of(String pid, String role) throws IOException;
    }

    private Map<String, Long> each(Reading reading) {
        Map<String, Long> values = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(run, "*.pid")) {
            for (Path file : files) {
                String role = file.getFileName().toString().replace(".pid", "");
                if (!role.equals(SUPERVISOR)) {
                    read(file, role, reading, values);
                }
            }
        } catch (IOException e) {
            // A platform elsewhere: its processes are not ours to measure.
        }
        return values;
    }

    private static void read(Path file, String role, Reading reading, Map<String, Long> into) {
        try {
            String pid = Files.readString(file).strip().split(" ", -1)[0];
            into.put(role, reading.of(pid, role));
        } catch (IOException | RuntimeException e) {
            // It has just ended, or is no process of this machine.
        }
    }
}
