package io.parley.bench.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What the servers have spent.
 *
 * @param cpuMicros CPU time of each server process for one unit of the load; none of one that cannot be read, as on another machine
 * @param residentMiB memory of each server process at the end
 */
public record ServerFigures(Map<String, Double> cpuMicros, Map<String, Long> residentMiB) {
    private static final List<String> ROLES = List.of("broker", "engine", "kafka", "cassandra");

    public ServerFigures {
        cpuMicros = Map.copyOf(cpuMicros);
        residentMiB = Map.copyOf(residentMiB);
    }

    /**
     * Reads them now.
     *
     * @param cpuBefore {@link ServerProcesses#cpuMicros} when the load began
     * @param units of the load since then
     */
    public static ServerFigures since(Map<String, Long> cpuBefore, ServerProcesses processes, long units) {
        Map<String, Double> perUnit = new TreeMap<>();
        if (units > 0) {
            processes.cpuMicrosSince(cpuBefore).forEach((role, micros) -> perUnit.put(role, (double) micros / units));
        }
        return new ServerFigures(perUnit, processes.residentMiB());
    }

    /** Adds them to an object, the CPU time under the name given: of the processes that MQTT needs. */
    public void put(ObjectNode root, String cpuName) {
        put(root, cpuName, ROLES);
    }

    /** The same, of these processes. */
    public void put(ObjectNode root, String cpuName, List<String> roles) {
        ObjectNode cpu = root.putObject(cpuName);
        roles.stream()
                .filter(cpuMicros::containsKey)
                .forEach(role -> cpu.put(role, Latencies.rounded(cpuMicros.getOrDefault(role, 0.0))));
        total(roles).ifPresent(total -> cpu.put("total", Latencies.rounded(total)));
        ObjectNode rss = root.putObject("rssMiB");
        new TreeMap<>(residentMiB).forEach(rss::put);
    }

    /** Lines for people. */
    public String describe(String unit) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(cpuMicros).forEach((role, micros) -> text.append(cpuLine(unit, role, micros)));
        total(ROLES).ifPresent(total -> text.append(cpuLine(unit, "total", total)));
        new TreeMap<>(residentMiB)
                .forEach((role, mib) ->
                        text.append(String.format(Locale.ROOT, "memory                 %-10s %8d MiB%n", role, mib)));
        return text.toString();
    }

    private static String cpuLine(String unit, String role, double micros) {
        return String.format(Locale.ROOT, "%-22s %-10s %8.1f µs%n", "cpu per " + unit, role, micros);
    }

    /** CPU time of these processes together; empty when one could not be read, as less than all is no total. */
    public OptionalDouble total(List<String> roles) {
        return cpuMicros.keySet().containsAll(roles)
                ? OptionalDouble.of(roles.stream()
                        .mapToDouble(role -> cpuMicros.getOrDefault(role, 0.0))
                        .sum())
                : OptionalDouble.empty();
    }
}
