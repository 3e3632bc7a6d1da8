package io.parley.audit;

import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/** Random runs, each of which can be repeated: {@code -Dseed=N} plays that one alone. */
public final class Seeds {
    /** {@code -Dparley.test.seedsPercent=N} plays fewer, or more. */
    private static final int PERCENT = Integer.getInteger("parley.test.seedsPercent", 100);

    private Seeds() {}

    /**
     * Plays the runs of the seeds from 1 on, which are the same in every build, and then a quarter as many of seeds that no build has
     * played before.
     */
    public static void play(int allRuns, LongConsumer run) {
        int runs = Math.max(1, allRuns * PERCENT / 100);
        Long only = Long.getLong("seed");
        if (only != null) {
            play(LongStream.of(only), run);
            return;
        }
        play(LongStream.rangeClosed(1, runs), run);
        long first = new Random().nextLong(1L << 48);
        long last = first + runs / 4;
        System.out.println("new seeds of this build: " + first + " to " + last + "; -Dseed=N repeats one");
        play(LongStream.rangeClosed(first, last), run);
    }

    /** A source for a seed. The first values of Java's own are much the same for all small seeds. */
    public static Random random(long seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    private static void play(LongStream seeds, LongConsumer run) {
        seeds.forEach(seed -> {
            try {
                run.accept(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("repeat with -Dseed=" + seed, e);
            }
        });
    }
}
