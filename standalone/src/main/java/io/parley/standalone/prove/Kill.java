package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import io.parley.standalone.RoleName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Some processes of one role are killed at the same moment. */
final class Kill implements Fault {
    private final int atOnce;

    /** @param atOnce how many; of a role that has fewer, all */
    Kill(int atOnce) {
        this.atOnce = atOnce;
    }

    @Override
    public String kind() {
        return atOnce == 1 ? "kill" : "kill-" + atOnce;
    }

    @Override
    public Planned draw(int atSeconds, List<ProcessName> processes, RandomGenerator random) {
        Map<RoleName, List<ProcessName>> byRole =
                new TreeMap<>(processes.stream().collect(Collectors.groupingBy(ProcessName::role)));
        List<RoleName> roles = byRole.keySet().stream().toList();
        List<ProcessName> left =
                new ArrayList<>(byRole.getOrDefault(roles.get(random.nextInt(roles.size())), List.of()));
        List<ProcessName> drawn = new ArrayList<>();
        while (drawn.size() < atOnce && !left.isEmpty()) {
            drawn.add(left.remove(random.nextInt(left.size())));
        }
        return new Planned(atSeconds, kind(), drawn, 0);
    }

    @Override
    public void strike(Planned planned, Processes processes) {
        planned.targets().forEach(processes::kill);
    }
}
