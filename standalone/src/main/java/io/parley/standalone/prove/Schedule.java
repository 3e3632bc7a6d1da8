package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Which faults strike when. The same seed, time and processes give the same schedule.
 *
 * @param faults in the order of their times
 */
public record Schedule(List<Planned> faults) {
    private static final int SHORTEST_GAP_SECONDS = 5;
    private static final int LONGEST_GAP_SECONDS = 25;
    /** At the end nothing strikes, and everything comes back. */
    private static final int LAST_SECONDS = 30;

    public Schedule {
        faults = List.copyOf(faults);
    }

    /**
     * Draws one.
     *
     * @param seconds how long the load lasts
     * @param processes of the cluster
     */
    public static Schedule draw(long seed, int seconds, List<ProcessName> processes) {
        RandomGenerator random = new java.util.Random(seed);
        List<Fault> kinds = Faults.all();
        List<Planned> drawn = new ArrayList<>();
        int at = gap(random);
        while (at < seconds - LAST_SECONDS) {
            Planned next = kinds.get(random.nextInt(kinds.size())).draw(at, processes, random);
            if (at + next.lastsSeconds() > seconds - LAST_SECONDS) {
                // It would last too long: something shorter.
                next = new Kill(1).draw(at, processes, random);
            }
            drawn.add(next);
            at += next.lastsSeconds() + gap(random);
        }
        return new Schedule(drawn);
    }

    private static int gap(RandomGenerator random) {
        return random.nextInt(SHORTEST_GAP_SECONDS, LONGEST_GAP_SECONDS + 1);
    }
}
