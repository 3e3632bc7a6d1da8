package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import java.util.List;
import java.util.random.RandomGenerator;

/** All processes end at the same moment: killed, as when the power fails, or stopped in order, as when everything is restarted. */
final class EndAll implements Fault {
    private final boolean inOrder;

    /** @param inOrder by SIGTERM, not by SIGKILL */
    EndAll(boolean inOrder) {
        this.inOrder = inOrder;
    }

    @Override
    public String kind() {
        return inOrder ? "restart-all" : "kill-all";
    }

    @Override
    public Planned draw(int atSeconds, List<ProcessName> processes, RandomGenerator random) {
        return new Planned(atSeconds, kind(), processes, 0);
    }

    @Override
    public void strike(Planned planned, Processes processes) {
        planned.targets().forEach(inOrder ? processes::stop : processes::kill);
    }
}
