package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import io.parley.standalone.RoleName;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/** The network between devices and their nodes loses packets. */
final class Loss implements Fault {
    private static final int SHORTEST_SECONDS = 10;
    private static final int LONGEST_SECONDS = 40;
    private static final int PERCENT = 10;

    @Override
    public String kind() {
        return "loss";
    }

    @Override
    public Processes.Need need() {
        return Processes.Need.FIREWALL;
    }

    @Override
    public Planned draw(int atSeconds, List<ProcessName> processes, RandomGenerator random) {
        List<ProcessName> nodes = processes.stream()
                .filter(process -> process.role() == RoleName.BROKER || process.role() == RoleName.HISTORY)
                .toList();
        return new Planned(atSeconds, kind(), nodes, random.nextInt(SHORTEST_SECONDS, LONGEST_SECONDS + 1));
    }

    @Override
    public void strike(Planned planned, Processes processes) throws IOException, InterruptedException {
        processes.hold(processes.lose(PERCENT, planned.targets()), planned.lastsSeconds());
    }
}
