package io.parley.broker.netty;

import com.hivemq.extensions.events.OnServerDisconnectEvent;
import com.hivemq.mqtt.event.PublishDroppedEvent;
import com.hivemq.mqtt.message.disconnect.DISCONNECT;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.subscribe.SUBSCRIBE;
import com.hivemq.mqtt.message.unsubscribe.UNSUBSCRIBE;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.parley.broker.connect.ConnectOptions;
import io.parley.delivery.DeviceSession;
import io.parley.protocol.DeviceId;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One device's place in its HiveMQ channel. It takes every SUBSCRIBE, UNSUBSCRIBE, PUBLISH and PUBACK, so that HiveMQ itself has
 * neither topics nor queues, and leaves the rest (CONNECT, keep-alive, DISCONNECT) alone.
 */
final class DeviceChannel extends ChannelInboundHandlerAdapter {
    private static final int FIRST_DELIVERY_PACKET_ID = 32_768;

    private final Backend backend;
    private final DeviceId device;
    private final boolean version5;
    private final ConnectOptions options;
    private @Nullable Connected connected;

    DeviceChannel(Backend backend, DeviceId device, boolean version5, ConnectOptions options) {
        this.backend = backend;
        this.device = device;
        this.version5 = version5;
        this.options = options;
    }

    /** What exists while the device is connected. */
    private record Connected(MqttLink link, DeviceSession session, Subscriptions subscriptions, Intake intake) {}

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            return;
        }
        MqttLink link = new MqttLink(context, device, version5, options);
        DeviceSession session = backend.node().connect(link, context.channel().eventLoop(), options.cleanStart());
        connected = new Connected(link, session, new Subscriptions(link, session), new Intake(link, session, backend));
        endWithTheToken(context, link);
    }

    private void endWithTheToken(ChannelHandlerContext context, MqttLink link) {
        long leftMillis = Math.max(0, options.expiresAtMillis() - System.currentTimeMillis());
        var end = context.executor()
                .schedule(
                        () -> link.disconnect(Mqtt5DisconnectReasonCode.NOT_AUTHORIZED, "the token has expired"),
                        leftMillis,
                        TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> end.cancel(false));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Connected now = connected;
        if (now == null) {
            context.fireChannelRead(message);
        } else if (!now.link().isClosing()) {
            read(context, message, now);
        }
    }

    private void read(ChannelHandlerContext context, Object message, Connected now) {
        if (message instanceof PUBLISH publish) {
            now.intake().take(publish);
        } else if (message instanceof PUBACK puback) {
            acknowledged(now, puback.getPacketIdentifier());
        } else if (message instanceof SUBSCRIBE subscribe) {
            now.subscriptions().subscribe(subscribe);
        } else if (message instanceof UNSUBSCRIBE unsubscribe) {
            now.subscriptions().unsubscribe(unsubscribe);
        } else if (message instanceof DISCONNECT) {
            now.intake().afterwards(() -> context.fireChannelRead(message));
        } else {
            context.fireChannelRead(message);
        }
    }

    private static void acknowledged(Connected now, int packetId) {
        if (packetId >= FIRST_DELIVERY_PACKET_ID) {
            now.session().acknowledged(packetId);
        } else if (packetId >= Replies.FIRST_PACKET_ID) {
            now.link().replies().acknowledged(packetId);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        Connected now = connected;
        if (now != null && event instanceof PublishDroppedEvent dropped) {
            dropped(context, dropped.getMessage(), now);
        } else {
            if (now != null && event instanceof OnServerDisconnectEvent) {
                now.link().closeAtTheLatest();
            }
            context.fireUserEventTriggered(event);
        }
    }

    /** A packet was larger than the client takes. The news comes out of the encoder, in the middle of the writing. */
    private static void dropped(ChannelHandlerContext context, PUBLISH publish, Connected now) {
        int packetId = publish.getPacketIdentifier();
        if (packetId >= FIRST_DELIVERY_PACKET_ID) {
            context.executor().execute(() -> now.session().acknowledged(packetId));
        } else if (publish.getTopic().startsWith("user/")) {
            now.link().replies().dropped();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        Connected now = connected;
        if (now != null && context.channel().isWritable()) {
            now.session().writable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        disconnected();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        disconnected();
    }

    private void disconnected() {
        Connected now = connected;
        connected = null;
        if (now != null) {
            now.intake().end();
            now.session().disconnected();
        }
    }
}
