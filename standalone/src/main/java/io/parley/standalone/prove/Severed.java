package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import io.parley.standalone.RoleName;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A process cannot reach Kafka for a while, or one Kafka broker cannot reach the others: packets vanish, and connections stay open. One-way, too: what it sends vanishes, or what is
 * sent to it.
 */
final class Severed implements Fault {
    private static final int SHORTEST_SECONDS = 5;

    private final String name;
    private final List<RoleName> victims;
    private final Direction direction;
    private final int longestSeconds;

    /**
     * @param name of the kind, without the direction
     * @param victims roles of which one process is struck
     */
    Severed(String name, List<RoleName> victims, Direction direction, int longestSeconds) {
        this.name = name;
        this.victims = victims;
        this.direction = direction;
        this.longestSeconds = longestSeconds;
    }

    @Override
    public String kind() {
        return name + direction.suffix();
    }

    @Override
    public Processes.Need need() {
        return Processes.Need.FIREWALL;
    }

    @Override
    public Planned draw(int atSeconds, List<ProcessName> processes, RandomGenerator random) {
        List<ProcessName> left = processes.stream()
                .filter(process -> victims.contains(process.role()))
                .toList();
        ProcessName target = left.get(random.nextInt(left.size()));
        return new Planned(atSeconds, kind(), List.of(target), random.nextInt(SHORTEST_SECONDS, longestSeconds + 1));
    }

    @Override
    public void strike(Planned planned, Processes processes) throws IOException, InterruptedException {
        processes.hold(processes.sever(planned.targets().get(0), RoleName.KAFKA, direction), planned.lastsSeconds());
    }
}
