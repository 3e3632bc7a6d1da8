package io.parley.bench.messages;

import io.parley.protocol.WireFormat;

/**
 * What is asked of the platform.
 *
 * @param devices how many connections, each of a user of its own
 * @param ratePerSecond messages published per second by all together
 * @param seconds how long the measured part lasts
 * @param warmupSeconds how long the same load runs before; not measured, but audited
 * @param groupSize members of a conversation; 2 means one on one
 * @param encoding of every connection
 * @param receipts whether every device wants receipts, and every other one says once a second what was read
 */
public record Load(
        int devices,
        int ratePerSecond,
        int seconds,
        int warmupSeconds,
        int groupSize,
        WireFormat encoding,
        boolean receipts) {

    /** @throws IllegalArgumentException naming the option that is out of its range */
    public Load {
        require(devices >= 2 && devices <= 100_000, "--devices is from 2 to 100000");
        require(ratePerSecond >= 1 && ratePerSecond <= 1_000_000, "--rate is from 1 to 1000000");
        require(seconds >= 1 && seconds <= 86_400, "--seconds is from 1 to 86400");
        require(warmupSeconds >= 0 && warmupSeconds <= 3_600, "--warmup is from 0 to 3600");
        require(
                groupSize >= 2 && groupSize <= 1_024 && groupSize <= devices,
                "--group-size is from 2 to 1024, at most --devices");
    }

    int conversations() {
        return devices / groupSize;
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
