package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/** A process stands still for a while, as in a long collection of garbage or on a stalled disk, and goes on as if nothing had been. */
final class Pause implements Fault {
    private static final int SHORTEST_SECONDS = 5;

    private final int longestSeconds;

    Pause(int longestSeconds) {
        this.longestSeconds = longestSeconds;
    }

    @Override
    public String kind() {
        return "pause";
    }

    @Override
    public Planned draw(int atSeconds, List<ProcessName> processes, RandomGenerator random) {
        ProcessName target = processes.get(random.nextInt(processes.size()));
        return new Planned(atSeconds, kind(), List.of(target), random.nextInt(SHORTEST_SECONDS, longestSeconds + 1));
    }

    @Override
    public void strike(Planned planned, Processes processes) throws IOException, InterruptedException {
        for (ProcessName target : planned.targets()) {
            processes.pause(target);
        }
        try {
            processes.waitSeconds(planned.lastsSeconds());
        } finally {
            for (ProcessName target : planned.targets()) {
                processes.resume(target);
            }
        }
    }
}
