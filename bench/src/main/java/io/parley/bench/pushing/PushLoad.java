package io.parley.bench.pushing;

/**
 * What is asked of the platform.
 *
 * @param devices how many users; of each conversation one writes, and the others are away
 * @param notificationsPerSecond of all together
 * @param seconds how long the measured part lasts
 * @param warmupSeconds how long the same load runs before
 * @param groupSize members of a conversation; 2 means one on one
 */
record PushLoad(int devices, int notificationsPerSecond, int seconds, int warmupSeconds, int groupSize) {

    /** @throws IllegalArgumentException naming the option that is out of its range */
    PushLoad {
        require(devices >= 2 && devices <= 100_000, "--devices is from 2 to 100000");
        require(
                groupSize >= 2 && groupSize <= 1_024 && groupSize <= devices,
                "--group-size is from 2 to 1024, at most --devices");
        require(
                notificationsPerSecond >= groupSize - 1 && notificationsPerSecond <= 1_000_000,
                "--rate with --push is in notifications: from one for each member who is away to 1000000");
        require(seconds >= 1 && seconds <= 86_400, "--seconds is from 1 to 86400");
        require(warmupSeconds >= 1 && warmupSeconds <= 3_600, "--warmup with --push is from 1 to 3600");
    }

    int conversations() {
        return devices / groupSize;
    }

    /** Who is notified of one message. */
    int away() {
        return groupSize - 1;
    }

    int messagesPerSecond() {
        return notificationsPerSecond / away();
    }

    int warmupMessages() {
        return messagesPerSecond() * warmupSeconds;
    }

    int messages() {
        return Math.multiplyExact(messagesPerSecond(), warmupSeconds + seconds);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
