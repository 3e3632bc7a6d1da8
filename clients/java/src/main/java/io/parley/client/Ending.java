package io.parley.client;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5Disconnect;
import java.util.Optional;

/**
 * Why a connection ended, or was not accepted, and what to do then.
 *
 * @param reason in words
 * @param serverReference where else to connect, if the node said so
 */
record Ending(Then then, String reason, Optional<String> serverReference) {
    enum Then {
        /** Try again after a pause. */
        COME_BACK,
        /** Try another node at once. */
        MOVE,
        /** Try again with another token. */
        NEW_TOKEN,
        /** Another connection of the device has taken its place. */
        REPLACED,
        /** It will never be accepted. */
        GIVE_UP
    }

    /** Whether the client is not to come back. */
    boolean isFinal() {
        return then == Then.REPLACED || then == Then.GIVE_UP;
    }

    static Ending of(Throwable cause) {
        if (cause instanceof Mqtt5ConnAckException refused) {
            Mqtt5ConnAck answer = refused.getMqttMessage();
            return of(
                    answer.getReasonCode().getCode(),
                    answer.getReasonString().map(Object::toString),
                    answer.getServerReference().map(Object::toString));
        }
        if (cause instanceof Mqtt5DisconnectException told) {
            Mqtt5Disconnect answer = told.getMqttMessage();
            return of(
                    answer.getReasonCode().getCode(),
                    answer.getReasonString().map(Object::toString),
                    answer.getServerReference().map(Object::toString));
        }
        return new Ending(Then.COME_BACK, String.valueOf(cause.getMessage()), Optional.empty());
    }

    private static Ending of(int code, Optional<String> reason, Optional<String> serverReference) {
        return new Ending(then(code), reason.orElse("reason 0x" + Integer.toHexString(code)), serverReference);
    }

    /** By MQTT 5's reason codes, as docs/protocol.md uses them. */
    static Then then(int code) {
        return switch (code) {
            case 0x86, 0x87 -> Then.NEW_TOKEN;
            case 0x8E -> Then.REPLACED;
            case 0x9C, 0x9D -> Then.MOVE;
            // Not this protocol, not this client id, banned.
            case 0x84, 0x85, 0x8A -> Then.GIVE_UP;
            default -> Then.COME_BACK;
        };
    }
}
