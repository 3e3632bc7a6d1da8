package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import io.parley.standalone.RoleName;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/** The disk under a Kafka broker or a Cassandra node is full for a while: no file grows. */
final class FullDisk implements Fault {
    private static final int SHORTEST_SECONDS = 3;
    private static final int LONGEST_SECONDS = 20;

    private final RoleName role;

    FullDisk(RoleName role) {
        this.role = role;
    }

    @Override
    public String kind() {
        return "disk-full-" + role;
    }

    @Override
    public Processes.Need need() {
        return Processes.Need.FILE_LIMIT;
    }

    @Override
    public Planned draw(int atSeconds, List<ProcessName> processes, RandomGenerator random) {
        List<ProcessName> left =
                processes.stream().filter(process -> process.role() == role).toList();
        ProcessName target = left.get(random.nextInt(left.size()));
        return new Planned(atSeconds, kind(), List.of(target), random.nextInt(SHORTEST_SECONDS, LONGEST_SECONDS + 1));
    }

    @Override
    public void strike(Planned planned, Processes processes) throws IOException, InterruptedException {
        processes.hold(processes.fillDisk(planned.targets().get(0)), planned.lastsSeconds());
    }
}
