package io.parley.broker.netty;

import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.connack.CONNACK;
import com.hivemq.mqtt.message.reason.Mqtt5ConnAckReasonCode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.parley.gateway.delivering.SessionTerms;
import io.parley.gateway.publishing.Publishing;
import org.jspecify.annotations.Nullable;

/**
 * Holds HiveMQ's CONNACK until the engine has told whether the device has a session, and completes it: HiveMQ itself keeps none. Both may
 * come first. On the event loop.
 */
final class SessionAnswer extends ChannelOutboundHandlerAdapter {
    private final boolean version5;
    private final long askedSeconds;
    private final boolean ordinary;
    private @Nullable ChannelHandlerContext context;
    private @Nullable CONNACK held;
    private @Nullable ChannelPromise promise;
    private @Nullable Boolean present;
    private @Nullable CONNACK refusal;

    /**
     * @param askedSeconds the session expiry that the client asked for, 0 to 2^32 - 1
     * @param ordinary whether the device may use topics beside the chat, where more is offered
     */
    SessionAnswer(boolean version5, long askedSeconds, boolean ordinary) {
        this.version5 = version5;
        this.askedSeconds = askedSeconds;
        this.ordinary = ordinary;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** The engine has told. */
    void opened(boolean wasPresent) {
        present = wasPresent;
        send();
    }

    /** There is no answer: CONNACK 0x88 (3 on MQTT 3.1.1), and the connection ends. False when the CONNACK has gone already. */
    boolean unavailable() {
        return refuse(Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE, "the log cannot be reached now, connect again later");
    }

    /** The device is not let in, and the connection ends. False when the CONNACK has gone already. */
    boolean refuse(Mqtt5ConnAckReasonCode code, String reason) {
        return refuse(code, reason, null);
    }

    /** @param serverReference where the device is to connect; null: it knows, or need not */
    boolean refuse(Mqtt5ConnAckReasonCode code, String reason, @Nullable String serverReference) {
        if (context == null || context.isRemoved()) {
            return false;
        }
        refusal = CONNACK.builder()
                .withReasonCode(code)
                .withReasonString(version5 ? reason : null)
                .withServerReference(version5 ? serverReference : null)
                .build();
        send();
        return true;
    }

    @Override
    public void write(ChannelHandlerContext writing, Object message, ChannelPromise written) {
        if (message instanceof CONNACK connack && connack.getReasonCode() == Mqtt5ConnAckReasonCode.SUCCESS) {
            held = connack;
            promise = written;
            send();
        } else {
            var unused = writing.write(message, written);
        }
    }

    private void send() {
        ChannelHandlerContext to = context;
        CONNACK connack = held;
        ChannelPromise written = promise;
        if (to == null || to.isRemoved() || connack == null || written == null) {
            return;
        }
        if (refusal != null) {
            held = null;
            // From here on outwards: the device's handler would wait for what a connected client may still have sent.
            to.writeAndFlush(refusal).addListener(sent -> {
                var unused = to.close();
            });
        } else if (present != null) {
            held = null;
            CONNACK answer = version5 ? completed(connack, present) : completed3(present);
            // Whatever follows finds the CONNACK gone.
            to.pipeline().remove(this);
            var unused = to.writeAndFlush(answer, written);
        }
    }

    private static CONNACK completed3(boolean present) {
        return CONNACK.builder()
                .withReasonCode(Mqtt5ConnAckReasonCode.SUCCESS)
                .withSessionPresent(present)
                .build();
    }

    private CONNACK completed(CONNACK connack, boolean wasPresent) {
        long granted = Math.min(askedSeconds, SessionTerms.MAX_EXPIRY_SECONDS);
        return CONNACK.builder()
                .withReasonCode(connack.getReasonCode())
                .withReasonString(connack.getReasonString())
                .withUserProperties(connack.getUserProperties())
                .withSessionPresent(wasPresent)
                .withSessionExpiryInterval(granted == askedSeconds ? CONNACK.SESSION_EXPIRY_NOT_SET : granted)
                .withServerKeepAlive(connack.getServerKeepAlive())
                .withAssignedClientIdentifier(connack.getAssignedClientIdentifier())
                .withAuthMethod(connack.getAuthMethod())
                .withAuthData(connack.getAuthData())
                .withReceiveMaximum(Publishing.MAX_OPEN)
                .withTopicAliasMaximum(0)
                .withMaximumPacketSize(connack.getMaximumPacketSize())
                .withMaximumQoS(ordinary ? connack.getMaximumQoS() : QoS.AT_LEAST_ONCE)
                .withRetainAvailable(ordinary && connack.isRetainAvailable())
                .withWildcardSubscriptionAvailable(connack.isWildcardSubscriptionAvailable())
                .withSubscriptionIdentifierAvailable(connack.isSubscriptionIdentifierAvailable())
                .withSharedSubscriptionAvailable(ordinary && connack.isSharedSubscriptionAvailable())
                .withResponseInformation(connack.getResponseInformation())
                .withServerReference(connack.getServerReference())
                .build();
    }
}
