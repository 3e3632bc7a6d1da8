package io.parley.bridge;

import java.util.function.LongConsumer;

/** Random runs, each of which can be repeated: {@code -Dseed=N} plays that one alone. */
public final class Seeds {
    private Seeds() {}

    /** Plays the runs of the seeds from 1 on. */
    public static void play(int runs, LongConsumer run) {
        Long only = Long.getLong("seed");
        long first = only == null ? 1 : only;
        long last = only == null ? runs : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                run.accept(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("repeat with -Dseed=" + seed, e);
            }
        }
    }
}
