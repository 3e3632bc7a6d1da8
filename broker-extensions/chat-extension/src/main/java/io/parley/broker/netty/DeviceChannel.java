package io.parley.broker.netty;

import com.hivemq.bootstrap.ClientConnectionContext;
import com.hivemq.extensions.events.OnServerDisconnectEvent;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.disconnect.DISCONNECT;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.subscribe.SUBSCRIBE;
import com.hivemq.mqtt.message.unsubscribe.UNSUBSCRIBE;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.parley.broker.connect.ConnectOptions;
import io.parley.broker.topics.TopicGuard;
import io.parley.broker.topics.TopicRules;
import io.parley.gateway.ExecutorLoop;
import io.parley.gateway.Ids;
import io.parley.gateway.delivering.DeviceSession;
import io.parley.gateway.delivering.SessionTerms;
import io.parley.gateway.publishing.ChatSteps;
import io.parley.gateway.publishing.Publishing;
import io.parley.gateway.publishing.Submission;
import io.parley.gateway.requesting.RequestIntake;
import io.parley.protocol.DeviceId;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device's place in its HiveMQ channel. It takes every SUBSCRIBE, UNSUBSCRIBE, PUBLISH and PUBACK, so that HiveMQ itself has
 * neither topics nor queues nor sessions of the chat, and leaves the rest (CONNECT, keep-alive, {@link OrdinaryTopics}) alone.
 */
final class DeviceChannel extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceChannel.class);
    private static final byte[] EMPTY = {};
    private static final String STOPPING = "the server is being stopped, connect to another one";
    /** By then the channel's loop has read what the device sent before a newer connection of it. */
    private static final long LAST_READ_MILLIS = 20;

    private final Backend backend;
    private final DeviceId device;
    private final boolean version5;
    private final ConnectOptions options;
    private final TopicRules rules;
    private final SessionAnswer answer;
    private OptionalLong expirySeconds = OptionalLong.empty();
    private boolean takenOver;
    private @Nullable String endedByServer;
    private boolean endedByClient;
    private long connectedNanos;
    private @Nullable Connected connected;

    DeviceChannel(
            Backend backend,
            DeviceId device,
            boolean version5,
            ConnectOptions options,
            TopicRules rules,
            SessionAnswer answer) {
        this.backend = backend;
        this.device = device;
        this.version5 = version5;
        this.options = options;
        this.rules = rules;
        this.answer = answer;
    }

    /** What exists while the device is connected. */
    private record Connected(
            MqttLink link,
            DeviceSession session,
            SubscribePackets subscriptions,
            Publishing publishing,
            OrdinaryTopics ordinary,
            MqttPublisher publisher) {}

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            return;
        }
        if (backend.draining().hasBegun()) {
            var unused = answer.refuse(
                    MqttLink.refusal(Mqtt5DisconnectReasonCode.USE_ANOTHER_SERVER, version5),
                    STOPPING,
                    backend.draining().serverReference());
            return;
        }
        if (!backend.isLogReachable()) {
            var unused = answer.unavailable();
            return;
        }
        MqttLink link = new MqttLink(context, device, version5, options, answer);
        SessionTerms terms =
                new SessionTerms(options.cleanStart(), options.sessionExpirySeconds(), options.issuedAtMillis());
        DeviceSession session =
                backend.node().connect(link, new ExecutorLoop(context.channel().eventLoop()), terms);
        link.serves(session);
        MqttPublisher publisher = new MqttPublisher(link, backend.metrics());
        ChatSteps chat = new ChatSteps(
                session,
                device.user(),
                backend.node().log(),
                publisher,
                backend.limits(),
                Ids::message,
                failure -> backend.outages().report("log", failure),
                backend.filters(),
                backend.attachments());
        Publishing publishing = new Publishing(
                publisher,
                device.user(),
                chat,
                new RequestIntake(link.replies(), session, backend.requests(), backend.outages()));
        OrdinaryTopics ordinary = new OrdinaryTopics(
                context, link, new TopicGuard(backend.topics(), rules), publishing, backend.limits());
        connected = new Connected(
                link,
                session,
                new SubscribePackets(link, session, publishing, backend.subscribing(), ordinary),
                publishing,
                ordinary,
                publisher);
        connectedNanos = System.nanoTime();
        link.movesBy(this::move);
        endWithTheToken(context, link);
    }

    /** The device is to go on at another node: when what it published is acknowledged, or after a while. */
    private void move() {
        Connected now = connected;
        if (now != null) {
            takenOver = true;
            Runnable end = () -> now.link()
                    .disconnect(
                            Mqtt5DisconnectReasonCode.USE_ANOTHER_SERVER,
                            STOPPING,
                            backend.draining().serverReference());
            now.publishing().drain(end);
            now.link().later(end, Draining.PATIENCE_MILLIS);
        }
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
        } else if (takenOver) {
            // Only what says what the device has: a newer connection goes on from there.
            if (message instanceof PUBACK puback) {
                now.link().acknowledged(puback.getPacketIdentifier());
            }
        } else if (!now.link().isClosing()) {
            read(context, message, now);
        }
    }

    private void read(ChannelHandlerContext context, Object message, Connected now) {
        if (message instanceof PUBLISH publish) {
            publish(publish, now);
        } else if (message instanceof PUBACK puback && puback.getPacketIdentifier() >= Replies.FIRST_PACKET_ID) {
            now.link().acknowledged(puback.getPacketIdentifier());
        } else if (message instanceof SUBSCRIBE subscribe) {
            now.subscriptions().subscribe(subscribe);
        } else if (message instanceof UNSUBSCRIBE unsubscribe) {
            now.subscriptions().unsubscribe(unsubscribe);
        } else if (message instanceof DISCONNECT disconnect) {
            now.publishing().afterwards(() -> disconnect(context, disconnect));
        } else {
            context.fireChannelRead(message);
        }
    }

    private void publish(PUBLISH publish, Connected now) {
        if (publish.isNewTopicAlias()) {
            // HiveMQ takes them where clients without a token may have them.
            now.link().disconnect(Mqtt5DisconnectReasonCode.TOPIC_ALIAS_INVALID, "topic aliases are not offered");
        } else if (now.ordinary().isOrdinary(publish.getTopic())) {
            now.ordinary().publish(publish);
        } else if (publish.getQoS() == QoS.EXACTLY_ONCE) {
            now.link().disconnect(Mqtt5DisconnectReasonCode.QOS_NOT_SUPPORTED, "QoS 2 is not offered");
        } else if (publish.isRetain()) {
            now.link().disconnect(Mqtt5DisconnectReasonCode.RETAIN_NOT_SUPPORTED, "retained messages are not offered");
        } else {
            int packetId = publish.getQoS() == QoS.AT_MOST_ONCE ? 0 : publish.getPacketIdentifier();
            now.publisher().taken();
            byte[] payload = publish.getPayload() == null ? EMPTY : publish.getPayload();
            now.publishing()
                    .take(new Submission(
                            publish.getTopic(),
                            payload,
                            packetId,
                            publish.getCorrelationData(),
                            PublishProperties.passedOn(publish),
                            PublishProperties.fault(
                                    publish,
                                    now.link().format(),
                                    backend.topics().settings().longestExpirySeconds())));
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        Connected now = connected;
        var unused = context.write(now == null ? message : now.ordinary().completed(message), promise);
    }

    /** The session's end is the engine's matter: HiveMQ must not keep one. */
    private void disconnect(ChannelHandlerContext context, DISCONNECT disconnect) {
        endedByClient = true;
        if (disconnect.getSessionExpiryInterval() != DISCONNECT.SESSION_EXPIRY_NOT_SET) {
            expirySeconds = OptionalLong.of(disconnect.getSessionExpiryInterval());
        }
        context.fireChannelRead(new DISCONNECT(
                disconnect.getReasonCode(),
                disconnect.getReasonString(),
                disconnect.getUserProperties(),
                disconnect.getServerReference(),
                DISCONNECT.SESSION_EXPIRY_NOT_SET));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        Connected now = connected;
        if (now != null && event instanceof OnServerDisconnectEvent ended) {
            takenOver = true;
            endedByServer = String.valueOf(ended.getReasonCode());
            now.link().closeAtTheLatest();
        }
        context.fireUserEventTriggered(event);
    }

    /** HiveMQ ends a connection at once when the device comes again; what the device acknowledged before that may not be read yet. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        Connected now = connected;
        if (now == null
                || now.link().isClosing()
                || expirySeconds.isPresent()
                || !context.channel().isActive()) {
            var unused = context.close(promise);
            return;
        }
        takenOver = true;
        context.channel().config().setAutoRead(true);
        var later = context.executor()
                .schedule(
                        () -> {
                            var unused = context.close(promise);
                        },
                        LAST_READ_MILLIS,
                        TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> later.cancel(false));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        Connected now = connected;
        if (now != null && context.channel().isWritable()) {
            now.session().writable();
            now.link().replies().writable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ClientConnectionContext.of(context.channel()).setClientSessionExpiryInterval(0L);
        disconnected();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        disconnected();
    }

    /** One line for each connection: why a device was disconnected is what operators are asked most. */
    private void tellEnd(MqttLink link) {
        String reason = link.ending() != null ? link.ending() : endedByServer;
        String by = reason != null ? "server" : endedByClient ? "client" : "network";
        backend.metrics().disconnected(by, reason == null ? "none" : reason);
        LOG.info(
                "disconnected device={} by={} reason={} seconds={} detail={}",
                device,
                by,
                reason == null ? "none" : reason,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - connectedNanos),
                link.endingReason());
    }

    private void disconnected() {
        Connected now = connected;
        connected = null;
        if (now != null) {
            tellEnd(now.link());
            now.link().ended();
            now.publishing().drain(() -> now.session().disconnected(expirySeconds));
        }
    }
}
