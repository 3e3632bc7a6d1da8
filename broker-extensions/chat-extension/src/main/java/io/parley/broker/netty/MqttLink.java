package io.parley.broker.netty;

import com.hivemq.mqtt.message.disconnect.DISCONNECT;
import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.reason.Mqtt5ConnAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import io.parley.broker.connect.ConnectOptions;
import io.parley.broker.netty.PublishEncoder.Packet;
import io.parley.gateway.delivering.DeviceLink;
import io.parley.gateway.delivering.DeviceSession;
import io.parley.gateway.delivering.Frame;
import io.parley.gateway.delivering.SignalView;
import io.parley.gateway.subscribing.Address;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Reply;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to one device. Everything here runs on the channel's event loop, except {@link #onShard}. */
final class MqttLink implements DeviceLink {
    private static final Logger LOG = LoggerFactory.getLogger(MqttLink.class);
    private static final int MAX_WINDOW = 100;
    private static final int CLOSE_SECONDS = 5;

    private final ChannelHandlerContext context;
    private final DeviceId device;
    private static final byte[] NOTHING = {};

    private final boolean version5;
    private final ConnectOptions options;
    private final SessionAnswer answer;
    private final Replies replies;
    private final Window packets = new Window();
    private final PublishEncoder encoder;
    private final String replyTopic;
    private @Nullable DeviceSession session;
    private Runnable moving = () -> {};
    private boolean flushComing;
    private boolean closing;
    private @Nullable String ending;
    private String endingReason = "";
    private boolean ended;

    MqttLink(
            ChannelHandlerContext context,
            DeviceId device,
            boolean version5,
            ConnectOptions options,
            SessionAnswer answer) {
        this.context = context;
        this.device = device;
        this.version5 = version5;
        this.options = options;
        this.answer = answer;
        this.replies = new Replies(this, options.receiveMaximum());
        this.encoder = new PublishEncoder(version5, options.topicAliasMaximum(), options.maximumPacketSize());
        this.replyTopic = "user/" + device.user() + "/reply";
    }

    /** The session that the connection serves. */
    void serves(DeviceSession served) {
        session = served;
    }

    /** How the connection ends when its node is stopped. */
    void movesBy(Runnable end) {
        moving = end;
    }

    @Override
    public DeviceId device() {
        return device;
    }

    @Override
    public void opened(boolean present) {
        answer.opened(present);
    }

    @Override
    public int room() {
        int window = Math.max(1, Math.min(MAX_WINDOW, options.receiveMaximum() - replies.window()));
        return Math.max(0, window - packets.unacknowledged());
    }

    @Override
    public boolean isWritable() {
        return !ended && context.channel().isWritable();
    }

    @Override
    public void send(Frame frame, Address address) {
        ConversationId conversation = frame.conversation();
        int seq = frame.event().seq();
        int packetId = frame.qos() == 0 ? 0 : packets.add(conversation, seq);
        byte[] payload = frame.event().payload(options.format());
        String topic = "chat/" + address.conversation() + "/msg";
        boolean written = publish(
                new Packet(topic, payload, packetId, frame.duplicate() && packetId != 0, address.identifiers(), null));
        if (packetId == 0) {
            reached(packets.addAtMostOnce(conversation, seq));
        } else if (!written) {
            // It is larger than the client takes, and counts as delivered: in its turn, behind what is being written.
            LOG.info(
                    "message is larger than the client takes device={} conversation={} seq={}",
                    device,
                    conversation,
                    seq);
            context.executor().execute(() -> acknowledged(packetId));
        }
    }

    @Override
    public void send(SignalView signal, Address address) {
        String topic = "chat/" + address.conversation() + "/" + signal.feed().level();
        publish(new Packet(topic, signal.payload(options.format()), 0, false, address.identifiers(), null));
    }

    /** The client acknowledged a packet. */
    void acknowledged(int packetId) {
        DeviceSession served = session;
        if (packetId >= Window.FIRST_PACKET_ID) {
            int before = packets.unacknowledged();
            reached(packets.acknowledge(packetId));
            if (packets.unacknowledged() < before && served != null) {
                served.writable();
            }
        } else if (packetId >= Replies.FIRST_PACKET_ID) {
            replies.acknowledged(packetId);
        }
    }

    private void reached(Window.@Nullable Reached reached) {
        DeviceSession served = session;
        if (reached != null && served != null) {
            served.acknowledge(reached.conversation(), reached.seq());
        }
    }

    /** The channel has gone: nothing more is written. */
    void ended() {
        ended = true;
        replies.end();
    }

    @Override
    public void flush() {
        context.flush();
    }

    @Override
    public void reply(Reply reply) {
        replies.send(reply);
    }

    @Override
    public void close(CloseReason reason) {
        LOG.info("the server ends the connection device={} reason={}", device, reason);
        switch (reason) {
            case TAKEN_OVER ->
                disconnect(Mqtt5DisconnectReasonCode.SESSION_TAKEN_OVER, "the device connected elsewhere");
            case LOG_UNREACHABLE ->
                disconnect(Mqtt5DisconnectReasonCode.SERVER_BUSY, "the log cannot be reached, connect again");
            case REMOVED ->
                disconnect(Mqtt5DisconnectReasonCode.ADMINISTRATIVE_ACTION, "the device was removed by its user");
            case TOKEN_REVOKED -> disconnect(Mqtt5DisconnectReasonCode.NOT_AUTHORIZED, "the token was revoked");
            case TOO_MANY_DEVICES ->
                disconnect(
                        Mqtt5DisconnectReasonCode.QUOTA_EXCEEDED,
                        "the user has 20 devices: remove one with removeDevice");
            case DRAINED -> moving.run();
            case FAILED ->
                disconnect(Mqtt5DisconnectReasonCode.UNSPECIFIED_ERROR, "the server met a fault, connect again");
        }
    }

    Replies replies() {
        return replies;
    }

    WireFormat format() {
        return options.format();
    }

    boolean isVersion5() {
        return version5;
    }

    /** Whether the connection is about to end: nothing more is to be read from it. */
    boolean isClosing() {
        return closing;
    }

    /** Runs the task on the event loop: at once when called there, and never when that has ended, and the connection with it. */
    void onShard(Runnable task) {
        EventExecutor loop = context.executor();
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            if (!loop.isShutdown()) {
                throw e;
            }
        }
    }

    /**
     * Queues a reply to the device's user. False when it is larger than the client takes.
     *
     * @param written run when the network has it, or will not get it
     */
    boolean publishReply(byte[] payload, int packetId, byte @Nullable [] correlation, Runnable written) {
        ChannelFuture writing =
                write(new Packet(replyTopic, payload, packetId, false, replyIdentifiers(), correlation));
        if (writing == null) {
            return false;
        }
        writing.addListener(done -> written.run());
        return true;
    }

    /** The most bytes that a reply's payload may have for this client. */
    int largestReply(byte @Nullable [] correlation) {
        return encoder.largestPayload(new Packet(replyTopic, NOTHING, 1, false, replyIdentifiers(), correlation));
    }

    private List<Integer> replyIdentifiers() {
        DeviceSession served = session;
        return served == null ? List.of() : served.subscriptions().replyIdentifiers();
    }

    /** The QoS of replies, 0 or 1; empty when the device did not subscribe to them. */
    OptionalInt replyQos() {
        DeviceSession served = session;
        return served == null ? OptionalInt.empty() : served.subscriptions().replies();
    }

    private boolean publish(Packet packet) {
        return write(packet) != null;
    }

    /** Null when the packet is larger than the client takes. */
    private @Nullable ChannelFuture write(Packet packet) {
        ByteBuf bytes = encoder.encode(packet, context.alloc());
        return bytes == null ? null : context.write(bytes);
    }

    /** Queues a PUBACK. A 3.1.1 client has no other way to learn of a refusal than to be disconnected. */
    void acknowledge(int packetId, Mqtt5PubAckReasonCode code, @Nullable String reason) {
        if (version5) {
            write(new PUBACK(packetId, code, reason, Mqtt5UserProperties.NO_USER_PROPERTIES));
        } else if (code == Mqtt5PubAckReasonCode.SUCCESS) {
            write(new PUBACK(packetId));
        } else {
            disconnect(Mqtt5DisconnectReasonCode.UNSPECIFIED_ERROR, code.name());
        }
    }

    /** Runs a task on the event loop later; never when that has ended. */
    void later(Runnable task, long millis) {
        try {
            var unused = context.executor().schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            if (!context.executor().isShutdown()) {
                throw e;
            }
        }
    }

    /** Writes a message with whatever else this turn of the event loop brings, in one flush. */
    void write(Object message) {
        var unused = context.write(message);
        flushSoon();
    }

    void flushSoon() {
        if (!flushComing) {
            flushComing = true;
            context.executor().execute(() -> {
                flushComing = false;
                context.flush();
            });
        }
    }

    /** Stops reading when the device has sent more than was taken from it, and goes on later. */
    void read(boolean on) {
        context.channel().config().setAutoRead(on);
    }

    /** Ends the connection; a 3.1.1 client is not told why. */
    void disconnect(Mqtt5DisconnectReasonCode code, String reason) {
        disconnect(code, reason, null);
    }

    /** @param serverReference where the device is to connect; null: it knows */
    void disconnect(Mqtt5DisconnectReasonCode code, String reason, @Nullable String serverReference) {
        if (closing || ended) {
            return;
        }
        closing = true;
        ending = code.name();
        endingReason = reason;
        if (answer.refuse(refusal(code, version5), reason, serverReference)) {
            return;
        }
        LOG.debug("ending connection device={} code={}: {}", device, code, reason);
        if (version5) {
            DISCONNECT message = new DISCONNECT(
                    code,
                    reason,
                    Mqtt5UserProperties.NO_USER_PROPERTIES,
                    serverReference,
                    DISCONNECT.SESSION_EXPIRY_NOT_SET);
            context.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE);
            closeAtTheLatest();
        } else {
            context.flush();
            var unused = context.close();
        }
    }

    /** The code with which the server ended the connection; null when it did not. */
    @Nullable
    String ending() {
        return ending;
    }

    /** Why it did, in words. */
    String endingReason() {
        return endingReason;
    }

    /** What a CONNACK says where the connection ends before it. */
    static Mqtt5ConnAckReasonCode refusal(Mqtt5DisconnectReasonCode code, boolean version5) {
        return switch (code) {
            // MQTT 3.1.1 has no word for it.
            case USE_ANOTHER_SERVER ->
                version5 ? Mqtt5ConnAckReasonCode.USE_ANOTHER_SERVER : Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE;
            case QUOTA_EXCEEDED -> Mqtt5ConnAckReasonCode.QUOTA_EXCEEDED;
            case NOT_AUTHORIZED -> Mqtt5ConnAckReasonCode.NOT_AUTHORIZED;
            default -> Mqtt5ConnAckReasonCode.SERVER_UNAVAILABLE;
        };
    }

    /** A DISCONNECT has been queued: behind bytes that a client does not read it would wait for ever, and the connection with it. */
    void closeAtTheLatest() {
        Runnable ending = () -> {
            var unused = context.close();
        };
        var close = context.executor().schedule(ending, CLOSE_SECONDS, TimeUnit.SECONDS);
        context.channel().closeFuture().addListener(closed -> close.cancel(false));
    }
}
