package io.parley.bench.peers.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** CPU time and memory of processes, as the operating system accounts for them ({@code /proc}). */
final class Usage {
    private final Map<Long, Duration> cpu;

    private Usage(Map<Long, Duration> cpu) {
        this.cpu = cpu;
    }

    /** What they have used until now. */
    static Usage of(List<ProcessHandle> processes) {
        return new Usage(processes.stream()
                .collect(Collectors.toMap(ProcessHandle::pid, Usage::cpuOf, (first, second) -> first)));
    }

    private static Duration cpuOf(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Microseconds of CPU time since then; one that was started since counts as a whole. */
    long microsUntilNow(List<ProcessHandle> processes) {
        Duration sum = Duration.ZERO;
        for (ProcessHandle process : processes) {
            sum = sum.plus(cpuOf(process)).minus(cpu.getOrDefault(process.pid(), Duration.ZERO));
        }
        return Math.max(0, sum.toNanos() / 1_000);
    }

    /**
     * Memory in MiB: what several processes share counts once (proportional set size).
     *
     * @throws IOException when the system does not tell
     */
    static double memoryMiB(List<ProcessHandle> processes) throws IOException {
        long kib = 0;
        for (ProcessHandle process : processes) {
            try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "smaps_rollup"))) {
                kib += lines.filter(line -> line.startsWith("Pss:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .sum();
            }
        }
        return Math.round(kib * 10 / 1024.0) / 10.0;
    }
}
