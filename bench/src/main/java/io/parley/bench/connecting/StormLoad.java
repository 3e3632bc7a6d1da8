package io.parley.bench.connecting;

import io.parley.protocol.WireFormat;

/**
 * Devices that all come back at once.
 *
 * @param devices how many
 * @param conversationsEach of each device
 * @param movedEach in so many of them a message waits
 * @param messagesPerSecond at which the messages are published before
 * @param killNode whether the node is killed when they begin to come
 * @param encoding of every connection
 */
public record StormLoad(
        int devices,
        int conversationsEach,
        int movedEach,
        int messagesPerSecond,
        boolean killNode,
        WireFormat encoding) {

    /** @throws IllegalArgumentException naming the option that is out of its range */
    public StormLoad {
        Ranges.require(devices >= 1 && devices <= 100_000, "--storm is from 1 to 100000");
        Ranges.messages(conversationsEach, messagesPerSecond);
        Ranges.require(
                movedEach >= 1 && movedEach <= conversationsEach,
                "--moved is from 1 to " + conversationsEach + ", as --conversations");
    }
}
