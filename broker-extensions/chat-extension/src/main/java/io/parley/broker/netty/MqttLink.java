package io.parley.broker.netty;

import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.disconnect.DISCONNECT;
import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.publish.PUBLISHFactory;
import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5PubAckReasonCode;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import io.parley.broker.connect.ConnectOptions;
import io.parley.delivery.DeviceLink;
import io.parley.delivery.Frame;
import io.parley.delivery.SignalView;
import io.parley.protocol.DeviceId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Reply;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to one device. Everything here runs on the channel's event loop, except {@link #onShard}. */
final class MqttLink implements DeviceLink {
    private static final Logger LOG = LoggerFactory.getLogger(MqttLink.class);
    private static final String NODE = "parley";
    private static final int MAX_WINDOW = 100;
    private static final int CLOSE_SECONDS = 5;

    private final ChannelHandlerContext context;
    private final DeviceId device;
    private final boolean version5;
    private final ConnectOptions options;
    private final Replies replies;
    private boolean flushComing;
    private boolean closing;

    MqttLink(ChannelHandlerContext context, DeviceId device, boolean version5, ConnectOptions options) {
        this.context = context;
        this.device = device;
        this.version5 = version5;
        this.options = options;
        this.replies = new Replies(this, options.receiveMaximum());
    }

    @Override
    public DeviceId device() {
        return device;
    }

    @Override
    public int window() {
        return Math.max(1, Math.min(MAX_WINDOW, options.receiveMaximum() - replies.window()));
    }

    @Override
    public boolean isWritable() {
        return context.channel().isWritable();
    }

    @Override
    public void send(Frame frame) {
        publish(
                "chat/" + frame.conversation() + "/msg",
                frame.event().payload(options.format()),
                frame.packetId(),
                null);
    }

    @Override
    public void send(SignalView signal) {
        publish(
                "chat/" + signal.conversation() + "/" + signal.feed().level(),
                signal.payload(options.format()),
                0,
                null);
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
        switch (reason) {
            case TAKEN_OVER ->
                disconnect(Mqtt5DisconnectReasonCode.SESSION_TAKEN_OVER, "the device connected elsewhere");
            case LOG_UNREACHABLE ->
                disconnect(Mqtt5DisconnectReasonCode.UNSPECIFIED_ERROR, "the log cannot be reached, connect again");
            case REMOVED ->
                disconnect(Mqtt5DisconnectReasonCode.ADMINISTRATIVE_ACTION, "the device was removed by its user");
            case TOO_MANY_DEVICES ->
                disconnect(
                        Mqtt5DisconnectReasonCode.QUOTA_EXCEEDED,
                        "the user has 20 devices: remove one with removeDevice");
            case NOT_ACKNOWLEDGING ->
                disconnect(
                        Mqtt5DisconnectReasonCode.ADMINISTRATIVE_ACTION,
                        "a message was left un-acknowledged for too long");
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

    /** Queues a PUBLISH, at QoS 1 when there is a packet id, else at QoS 0. */
    void publish(String topic, byte[] payload, int packetId, byte @Nullable [] correlation) {
        QoS qos = packetId == 0 ? QoS.AT_MOST_ONCE : QoS.AT_LEAST_ONCE;
        PUBLISH publish = new PUBLISHFactory.Mqtt5Builder()
                .withHivemqId(NODE)
                .withTopic(topic)
                .withPayload(payload)
                .withQoS(qos)
                .withOnwardQos(qos)
                .withPacketIdentifier(packetId)
                .withCorrelationData(correlation)
                .build();
        var unused = context.write(publish);
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
        if (closing) {
            return;
        }
        closing = true;
        LOG.debug("ending connection device={} code={}: {}", device, code, reason);
        if (version5) {
            DISCONNECT message = new DISCONNECT(
                    code, reason, Mqtt5UserProperties.NO_USER_PROPERTIES, null, DISCONNECT.SESSION_EXPIRY_NOT_SET);
            context.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE);
            closeAtTheLatest();
        } else {
            context.flush();
            var unused = context.close();
        }
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
