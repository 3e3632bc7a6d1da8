package io.parley.broker.netty;

import com.hivemq.mqtt.message.connack.CONNACK;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Grants an MQTT 5 client the session expiry that it asked for. HiveMQ keeps no session and says 0, at which client libraries forget
 * theirs and start clean after a lost connection; but the device's cursors outlive it, whatever expiry was asked for. It has its place
 * in the channel until the CONNACK has passed.
 */
final class SessionExpiry extends ChannelOutboundHandlerAdapter {
    private final long seconds;

    /** @param seconds what the client asked for, 0 to 2^32 - 1 */
    SessionExpiry(long seconds) {
        this.seconds = seconds;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof CONNACK connack) {
            var unused = context.write(granted(connack), promise);
            context.pipeline().remove(this);
        } else {
            var unused = context.write(message, promise);
        }
    }

    private CONNACK granted(CONNACK connack) {
        if (connack.getSessionExpiryInterval() == CONNACK.SESSION_EXPIRY_NOT_SET) {
            return connack;
        }
        return CONNACK.builder()
                .withReasonCode(connack.getReasonCode())
                .withReasonString(connack.getReasonString())
                .withUserProperties(connack.getUserProperties())
                .withSessionPresent(connack.isSessionPresent())
                .withSessionExpiryInterval(seconds)
                .withServerKeepAlive(connack.getServerKeepAlive())
                .withAssignedClientIdentifier(connack.getAssignedClientIdentifier())
                .withAuthMethod(connack.getAuthMethod())
                .withAuthData(connack.getAuthData())
                .withReceiveMaximum(connack.getReceiveMaximum())
                .withTopicAliasMaximum(connack.getTopicAliasMaximum())
                .withMaximumPacketSize(connack.getMaximumPacketSize())
                .withMaximumQoS(connack.getMaximumQoS())
                .withRetainAvailable(connack.isRetainAvailable())
                .withWildcardSubscriptionAvailable(connack.isWildcardSubscriptionAvailable())
                .withSubscriptionIdentifierAvailable(connack.isSubscriptionIdentifierAvailable())
                .withSharedSubscriptionAvailable(connack.isSharedSubscriptionAvailable())
                .withResponseInformation(connack.getResponseInformation())
                .withServerReference(connack.getServerReference())
                .build();
    }
}
