package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import java.util.List;
import java.util.random.RandomGenerator;

/** All processes are killed, as when the power fails. */
final class KillAll implements Fault {

    @Override
    public String kind() {
        return "kill-all";
    }

    @Override
    public Planned draw(int atSeconds, List<ProcessName> processes, RandomGenerator random) {
        return new Planned(atSeconds, kind(), processes, 0);
    }

    @Override
    public void strike(Planned planned, Processes processes) {
        planned.targets().forEach(processes::kill);
    }
}
