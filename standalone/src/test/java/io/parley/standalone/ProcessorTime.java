package io.parley.standalone;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The processor time that processes have taken: it tells whose work an attack is. */
final class ProcessorTime {
    private final Map<String, Long> pids;
    private final Map<String, Duration> before;

    /** @param pids by the names of the processes */
    ProcessorTime(Map<String, Long> pids) {
        this.pids = Map.copyOf(pids);
        this.before = now();
    }

    private Map<String, Duration> now() {
        Map<String, Duration> taken = new LinkedHashMap<>();
        pids.keySet().stream().sorted().forEach(name -> taken.put(name, taken(pids.getOrDefault(name, 0L))));
        return taken;
    }

    private static Duration taken(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    /** What each has taken since this was made, in seconds. */
    @Override
    public String toString() {
        StringBuilder seconds = new StringBuilder("processor seconds:");
        now().forEach((name, taken) -> seconds.append(" %s %.1f"
                .formatted(
                        name,
                        taken.minus(before.getOrDefault(name, Duration.ZERO)).toMillis() / 1e3)));
        return seconds.toString();
    }
}
