package io.parley.broker.netty;

import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.pubrec.PUBREC;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5PubRecReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import io.parley.broker.topics.TopicRefusal;
import org.jspecify.annotations.Nullable;

/** How MQTT 5 tells a refusal beside the chat. */
final class TopicAnswers {
    private TopicAnswers() {}

    /** The PUBACK or PUBREC that refuses; null at QoS 0, where there is none. */
    static @Nullable Object refused(PUBLISH publish, TopicRefusal refusal) {
        int packetId = publish.getPacketIdentifier();
        Mqtt5UserProperties none = Mqtt5UserProperties.NO_USER_PROPERTIES;
        if (publish.getQoS() == QoS.AT_LEAST_ONCE) {
            return new PUBACK(packetId, puback(refusal), refusal.reason(), none);
        }
        return publish.getQoS() == QoS.EXACTLY_ONCE
                ? new PUBREC(
                        packetId, Mqtt5PubRecReasonCode.fromCode(puback(refusal).getCode()), refusal.reason(), none)
                : null;
    }

    private static Mqtt5PubAckReasonCode puback(TopicRefusal refusal) {
        return switch (refusal.kind()) {
            case NOT_ALLOWED -> Mqtt5PubAckReasonCode.NOT_AUTHORIZED;
            case FULL, TOO_LARGE -> Mqtt5PubAckReasonCode.QUOTA_EXCEEDED;
        };
    }

    static Mqtt5SubAckReasonCode suback(TopicRefusal refusal) {
        return refusal.kind() == TopicRefusal.Kind.NOT_ALLOWED
                ? Mqtt5SubAckReasonCode.NOT_AUTHORIZED
                : Mqtt5SubAckReasonCode.QUOTA_EXCEEDED;
    }

    static Mqtt5DisconnectReasonCode disconnect(TopicRefusal refusal) {
        return refusal.kind() == TopicRefusal.Kind.NOT_ALLOWED
                ? Mqtt5DisconnectReasonCode.NOT_AUTHORIZED
                : Mqtt5DisconnectReasonCode.QUOTA_EXCEEDED;
    }
}
