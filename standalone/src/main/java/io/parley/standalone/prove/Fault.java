package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import java.io.IOException;
import java.util.List;
import java.util.random.RandomGenerator;

/** One kind of what goes wrong in a cluster. It has no state: what it does to whom is in what it draws. */
public interface Fault {

    /** Its name in schedules and results. */
    String kind();

    /** What the machine must have for it. */
    default Processes.Need need() {
        return Processes.Need.NOTHING;
    }

    /**
     * Draws whom it strikes.
     *
     * @param processes of the cluster
     * @param random the only source of chance
     */
    Planned draw(int atSeconds, List<ProcessName> processes, RandomGenerator random);

    /**
     * Strikes, and returns when that is over; what was struck comes back by itself then.
     *
     * @throws IOException when the system refuses it
     */
    void strike(Planned planned, Processes processes) throws IOException, InterruptedException;
}
