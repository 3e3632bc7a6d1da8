package io.parley.bench.mixed;

/**
 * What is asked of the platform.
 *
 * @param devices how many users talk, each with one device or two; a third of them in pairs, the others in groups
 * @param ratePerSecond messages published per second by all together
 * @param seconds how long the measured part lasts
 * @param warmupSeconds how long the same load runs before
 * @param seed draws who says what, and who moves when
 * @param struck whether faults strike meanwhile: then a notification may come again
 */
record MixedLoad(int devices, int ratePerSecond, int seconds, int warmupSeconds, long seed, boolean struck) {
    static final int GROUP_SIZE = 5;

    /** @throws IllegalArgumentException naming the option that is out of its range */
    MixedLoad {
        require(devices >= 12 && devices <= 1_000, "--devices with --mixed is from 12 to 1000");
        require(ratePerSecond >= 1 && ratePerSecond <= 10_000, "--rate with --mixed is from 1 to 10000");
        require(seconds >= 1 && seconds <= 86_400, "--seconds is from 1 to 86400");
        require(warmupSeconds >= 0 && warmupSeconds <= 3_600, "--warmup is from 0 to 3600");
    }

    int pairs() {
        return devices / 6;
    }

    int groups() {
        return devices * 2 / 3 / GROUP_SIZE;
    }

    int warmupMessages() {
        return ratePerSecond * warmupSeconds;
    }

    int messages() {
        return Math.multiplyExact(ratePerSecond, warmupSeconds + seconds);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
