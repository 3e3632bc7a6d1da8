package io.parley.bench.connecting;

import io.parley.protocol.WireFormat;

/**
 * Connections that are cut and made again at a fixed rate.
 *
 * @param devices how many; half of them are away at any time
 * @param conversationsEach of each device
 * @param connectsPerSecond of all together
 * @param seconds how long the measured part lasts
 * @param warmupSeconds how long the same goes on before; not measured, but audited
 * @param messagesPerSecond at which the conversations get their first messages, before
 * @param encoding of every connection
 */
public record ConnectsLoad(
        int devices,
        int conversationsEach,
        int connectsPerSecond,
        int seconds,
        int warmupSeconds,
        int messagesPerSecond,
        WireFormat encoding) {

    /** @throws IllegalArgumentException naming the option that is out of its range */
    public ConnectsLoad {
        Ranges.require(connectsPerSecond >= 1 && connectsPerSecond <= 10_000, "--connects is from 1 to 10000");
        // An acknowledgement is durable within a second, so each device stays for one, and away for one.
        Ranges.require(
                devices >= 2 * connectsPerSecond && devices <= 100_000,
                "--devices is at least twice --connects, so that each device stays for a second, and at most 100000");
        Ranges.messages(conversationsEach, messagesPerSecond);
        Ranges.require(seconds >= 1 && seconds <= 86_400, "--seconds is from 1 to 86400");
        Ranges.require(warmupSeconds >= 0 && warmupSeconds <= 3_600, "--warmup is from 0 to 3600");
    }

    int warmupConnects() {
        return connectsPerSecond * warmupSeconds;
    }

    int connects() {
        return Math.multiplyExact(connectsPerSecond, warmupSeconds + seconds);
    }

    /** How many connects of others are due between a device's cut and its next connect. */
    int away() {
        return devices / 2;
    }
}
