package io.parley.broker.netty;

import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import io.parley.protocol.wire.ErrorCode;

/** What came of a device's PUBLISH: a reason code in the PUBACK, or, where there is none at QoS 0, the code of an error. */
enum Outcome {
    ACCEPTED(Mqtt5PubAckReasonCode.SUCCESS, ErrorCode.ERROR_CODE_UNSPECIFIED),
    NOT_A_MEMBER(Mqtt5PubAckReasonCode.NOT_AUTHORIZED, ErrorCode.NOT_A_MEMBER),
    NOT_ALLOWED(Mqtt5PubAckReasonCode.NOT_AUTHORIZED, ErrorCode.NOT_ALLOWED),
    RATE_LIMITED(Mqtt5PubAckReasonCode.QUOTA_EXCEEDED, ErrorCode.RATE_LIMITED),
    MALFORMED(Mqtt5PubAckReasonCode.PAYLOAD_FORMAT_INVALID, ErrorCode.BAD_REQUEST),
    /** MQTT has no reason code of its own for it: the reason string and the error code tell. */
    TOO_LARGE(Mqtt5PubAckReasonCode.PAYLOAD_FORMAT_INVALID, ErrorCode.TOO_LARGE),
    UNREACHABLE(Mqtt5PubAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, ErrorCode.UNAVAILABLE);

    private final Mqtt5PubAckReasonCode puback;
    private final ErrorCode error;

    Outcome(Mqtt5PubAckReasonCode puback, ErrorCode error) {
        this.puback = puback;
        this.error = error;
    }

    Mqtt5PubAckReasonCode puback() {
        return puback;
    }

    ErrorCode error() {
        return error;
    }
}
