package io.parley.broker.netty;

import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import org.jspecify.annotations.Nullable;

/** One PUBLISH of a device that waits for its PUBACK. The first outcome counts. */
final class Taken {
    private final Acknowledgements owner;
    private final int packetId;
    private @Nullable Mqtt5PubAckReasonCode outcome;
    private @Nullable String reason;

    /** @param packetId 0 at QoS 0, where nothing is acknowledged */
    Taken(Acknowledgements owner, int packetId) {
        this.owner = owner;
        this.packetId = packetId;
    }

    int packetId() {
        return packetId;
    }

    @Nullable
    Mqtt5PubAckReasonCode outcome() {
        return outcome;
    }

    @Nullable
    String reason() {
        return reason;
    }

    void accept() {
        settle(Mqtt5PubAckReasonCode.SUCCESS, null);
    }

    void refuse(Mqtt5PubAckReasonCode code, @Nullable String why) {
        settle(code, why);
    }

    private void settle(Mqtt5PubAckReasonCode code, @Nullable String why) {
        if (outcome == null) {
            outcome = code;
            reason = why;
            owner.settled();
        }
    }
}
