package io.parley.broker.netty;

import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import io.parley.broker.metrics.BrokerMetrics;
import io.parley.gateway.publishing.Incoming;
import io.parley.gateway.publishing.Outcome;
import io.parley.gateway.publishing.Publisher;
import io.parley.gateway.requesting.OpenRequests.Asked;
import io.parley.protocol.WireFormat;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The outcomes of what a device publishes, as MQTT tells them. On the event loop. */
final class MqttPublisher implements Publisher {
    private final MqttLink link;
    private final BrokerMetrics metrics;
    /** When each publication came that has no outcome yet, in their order. */
    private final Deque<Long> takenNanos = new ArrayDeque<>();

    MqttPublisher(MqttLink link, BrokerMetrics metrics) {
        this.link = link;
        this.metrics = metrics;
    }

    /** A publication comes. Each is acknowledged in its order. */
    void taken() {
        takenNanos.add(System.nanoTime());
    }

    @Override
    public WireFormat format() {
        return link.format();
    }

    @Override
    public void acknowledge(Incoming incoming) {
        Outcome outcome = incoming.outcome();
        Long sinceNanos = takenNanos.poll();
        if (sinceNanos != null) {
            metrics.acknowledged(System.nanoTime() - sinceNanos);
        }
        if (outcome == Outcome.ACCEPTED) {
            metrics.accepted();
        } else {
            metrics.refused(String.valueOf(outcome));
        }
        if (incoming.isRefusedByConversation() && !link.isVersion5()) {
            refuseLater(incoming);
        } else if (incoming.ticket() != 0) {
            link.acknowledge(incoming.ticket(), code(outcome), reason(incoming));
        } else if (outcome != Outcome.ACCEPTED) {
            refuseUnacknowledged(incoming);
        }
    }

    /** A 3.1.1 client that is disconnected sends it again at once, for ever: it is acknowledged, and told as of what is refused after its PUBACK. */
    private void refuseLater(Incoming incoming) {
        if (incoming.ticket() != 0) {
            link.acknowledge(incoming.ticket(), Mqtt5PubAckReasonCode.SUCCESS, null);
        }
        link.reply(incoming.error());
    }

    /** One reason code of MQTT stands for several codes of ours: there the reason string begins with ours. */
    private static @Nullable String reason(Incoming incoming) {
        return incoming.isRefusedByConversation()
                ? incoming.error().getError().getCode() + ": " + incoming.reason()
                : incoming.reason();
    }

    private void refuseUnacknowledged(Incoming incoming) {
        if (link.isVersion5()) {
            link.replies().sendAtMostOnce((Asked) incoming.request(), incoming.error());
        } else {
            link.disconnect(Mqtt5DisconnectReasonCode.UNSPECIFIED_ERROR, String.valueOf(incoming.outcome()));
        }
    }

    private static Mqtt5PubAckReasonCode code(@Nullable Outcome outcome) {
        if (outcome == null) {
            return Mqtt5PubAckReasonCode.UNSPECIFIED_ERROR;
        }
        return switch (outcome) {
            case ACCEPTED -> Mqtt5PubAckReasonCode.SUCCESS;
            case NOT_A_MEMBER, NOT_ALLOWED, NOT_FOUND -> Mqtt5PubAckReasonCode.NOT_AUTHORIZED;
            case RATE_LIMITED -> Mqtt5PubAckReasonCode.QUOTA_EXCEEDED;
            case NOT_OFFERED -> Mqtt5PubAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            // MQTT has no reason code of its own for what is too large: the reason string and the error code tell.
            case MALFORMED, TOO_LARGE -> Mqtt5PubAckReasonCode.PAYLOAD_FORMAT_INVALID;
        };
    }

    @Override
    public void read(boolean on) {
        link.read(on);
    }

    @Override
    public void busy(String reason) {
        link.disconnect(Mqtt5DisconnectReasonCode.SERVER_BUSY, reason);
    }

    @Override
    public boolean isClosing() {
        return link.isClosing();
    }

    @Override
    public void later(Runnable task, long millis) {
        link.later(task, millis);
    }

    @Override
    public void onShard(Runnable task) {
        link.onShard(task);
    }
}
