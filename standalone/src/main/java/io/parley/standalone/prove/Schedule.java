package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Which faults strike when, one at a time or two at the same time. The same seed, time, kinds and processes give the same schedule.
 *
 * @param faults in the order of their times
 */
public record Schedule(List<Planned> faults) {
    private static final int SHORTEST_GAP_SECONDS = 5;
    private static final int LONGEST_GAP_SECONDS = 25;
    /** At the end nothing strikes, and everything comes back. */
    private static final int LAST_SECONDS = 30;
    /** Every so many faults has a companion. */
    private static final int ONE_IN_PAIRS = 4;

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
        return draw(seed, seconds, processes, Faults.all());
    }

    /**
     * Draws one of these kinds only.
     *
     * @param kinds each as often as it is to be drawn
     */
    public static Schedule draw(long seed, int seconds, List<ProcessName> processes, List<Fault> kinds) {
        RandomGenerator random = new java.util.Random(seed);
        List<Planned> drawn = new ArrayList<>();
        int latest = seconds - LAST_SECONDS;
        int at = gap(random);
        while (at < latest) {
            Planned next = one(at, latest, processes, kinds, random);
            drawn.add(next);
            int lasts = next.lastsSeconds();
            if (random.nextInt(ONE_IN_PAIRS) == 0) {
                Planned companion = one(at, latest, processes, kinds, random);
                // What strikes everybody has no companion.
                if (next.targets().size() + companion.targets().size() < processes.size()
                        && next.targets().stream().noneMatch(companion.targets()::contains)) {
                    drawn.add(companion);
                    lasts = Math.max(lasts, companion.lastsSeconds());
                }
            }
            at += lasts + gap(random);
        }
        return new Schedule(drawn);
    }

    private static Planned one(
            int at, int latest, List<ProcessName> processes, List<Fault> kinds, RandomGenerator random) {
        Planned drawn = kinds.get(random.nextInt(kinds.size())).draw(at, processes, random);
        return at + drawn.lastsSeconds() <= latest ? drawn : drawn.lasting(latest - at);
    }

    private static int gap(RandomGenerator random) {
        return random.nextInt(SHORTEST_GAP_SECONDS, LONGEST_GAP_SECONDS + 1);
    }
}
