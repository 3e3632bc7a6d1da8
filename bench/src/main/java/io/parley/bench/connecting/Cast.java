package io.parley.bench.connecting;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;

/**
 * Who takes part. Each device is that of a user of its own. It has conversations of two with writers, who stay connected and write to it while
 * it is away. A writer has a conversation with each of a hundred devices. All numbers count from 0; the conversations of a device are next to
 * each other.
 *
 * @param run makes the names of this run its own
 * @param devices how many
 * @param conversationsEach of each device
 */
record Cast(String run, int devices, int conversationsEach) {
    private static final int DEVICES_OF_A_WRITER = 100;

    int writers() {
        return (devices + DEVICES_OF_A_WRITER - 1) / DEVICES_OF_A_WRITER * conversationsEach;
    }

    int conversations() {
        return devices * conversationsEach;
    }

    int deviceOf(int conversation) {
        return conversation / conversationsEach;
    }

    int writerOf(int conversation) {
        return deviceOf(conversation) / DEVICES_OF_A_WRITER * conversationsEach + conversation % conversationsEach;
    }

    DeviceId device(int number) {
        return new DeviceId(UserId.parse("bench-" + run + "-" + number), "bench");
    }

    DeviceId writer(int number) {
        return new DeviceId(UserId.parse("bench-" + run + "-w" + number), "bench");
    }

    ConversationId conversation(int number) {
        return ConversationId.direct(
                device(deviceOf(number)).user(), writer(writerOf(number)).user());
    }
}
