package io.parley.broker.netty;

import com.google.common.collect.ImmutableList;
import com.hivemq.mqtt.message.Message;
import com.hivemq.mqtt.message.PINGREQ;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.disconnect.DISCONNECT;
import com.hivemq.mqtt.message.mqtt5.Mqtt5UserProperties;
import com.hivemq.mqtt.message.puback.PUBACK;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.pubrec.PUBREC;
import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import com.hivemq.mqtt.message.suback.SUBACK;
import com.hivemq.mqtt.message.subscribe.SUBSCRIBE;
import com.hivemq.mqtt.message.subscribe.Topic;
import com.hivemq.mqtt.message.unsubscribe.UNSUBSCRIBE;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.parley.broker.topics.TopicGuard;
import io.parley.broker.topics.TopicLoad;
import io.parley.broker.topics.TopicRefusal;
import io.parley.gateway.throttling.Throttle;
import io.parley.protocol.UserId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client without a token in its HiveMQ channel. HiveMQ serves it, its session included; this handler refuses what is outside the open topics or the
 * node's bounds, and reads slower where all such clients together publish too fast. On the event loop.
 */
final class OpenChannel extends ChannelDuplexHandler {
    /** They share one budget. */
    private static final UserId EVERYBODY = UserId.parse("open");

    private final Throttle throttle;
    private final TopicGuard guard;
    private final boolean version5;
    private final PartialAnswers answers = new PartialAnswers();
    private final Deque<Object> held = new ArrayDeque<>();
    private boolean waiting;
    private boolean closing;

    OpenChannel(TopicLoad load, boolean version5) {
        this.throttle = load.openThrottle();
        this.guard = new TopicGuard(load, load.settings().openRules());
        this.version5 = version5;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof PINGREQ || !(message instanceof Message)) {
            context.fireChannelRead(message);
        } else if (!closing) {
            held.add(message);
            release(context);
        }
    }

    /** Takes what was read, in its order, until something has to wait. */
    private void release(ChannelHandlerContext context) {
        for (Object first = held.peek(); first != null && !closing && !waiting; first = held.peek()) {
            long millis = first instanceof PUBLISH publish ? throttle.message(EVERYBODY, bytes(publish)) : Throttle.NOW;
            if (millis > Throttle.NOW) {
                waiting = true;
                var unused = context.executor().schedule(() -> resume(context), millis, TimeUnit.MILLISECONDS);
                break;
            }
            held.remove();
            take(context, first, millis == Throttle.NEVER);
        }
        if (waiting) {
            // Each time: HiveMQ turns reading on after a SUBSCRIBE.
            context.channel().config().setAutoRead(false);
        }
    }

    private void resume(ChannelHandlerContext context) {
        if (context.isRemoved() || !context.channel().isActive()) {
            held.clear();
            return;
        }
        waiting = false;
        release(context);
        if (!waiting) {
            context.channel().config().setAutoRead(true);
        }
    }

    private void take(ChannelHandlerContext context, Object message, boolean tooLarge) {
        if (message instanceof PUBLISH publish) {
            publish(context, publish, tooLarge);
        } else if (message instanceof SUBSCRIBE subscribe) {
            subscribe(context, subscribe);
        } else {
            if (message instanceof UNSUBSCRIBE unsubscribe) {
                unsubscribe.getTopics().forEach(guard::unsubscribe);
            }
            context.fireChannelRead(message);
        }
    }

    private void publish(ChannelHandlerContext context, PUBLISH publish, boolean tooLarge) {
        if (publish.getTopic().startsWith("$")) {
            ignore(context, publish);
            return;
        }
        TopicRefusal refusal = tooLarge
                ? new TopicRefusal(TopicRefusal.Kind.TOO_LARGE, "the payload is larger than may be published at once")
                : guard.publish(publish.getTopic(), publish.isRetain(), bytes(publish));
        if (refusal == null) {
            context.fireChannelRead(publish);
            return;
        }
        Object answer = version5 ? TopicAnswers.refused(publish, refusal) : null;
        if (answer != null) {
            var unused = context.writeAndFlush(answer);
        } else {
            disconnect(context, refusal);
        }
    }

    /** Topics of the server itself: a server may acknowledge what it gives to nobody. */
    private static void ignore(ChannelHandlerContext context, PUBLISH publish) {
        int packetId = publish.getPacketIdentifier();
        if (publish.getQoS() != QoS.AT_MOST_ONCE) {
            var unused = context.writeAndFlush(
                    publish.getQoS() == QoS.AT_LEAST_ONCE ? new PUBACK(packetId) : new PUBREC(packetId));
        }
    }

    private void disconnect(ChannelHandlerContext context, TopicRefusal refusal) {
        closing = true;
        if (version5) {
            context.writeAndFlush(new DISCONNECT(
                            TopicAnswers.disconnect(refusal),
                            refusal.reason(),
                            Mqtt5UserProperties.NO_USER_PROPERTIES,
                            null,
                            DISCONNECT.SESSION_EXPIRY_NOT_SET))
                    .addListener(ChannelFutureListener.CLOSE);
        } else {
            var unused = context.close();
        }
    }

    private void subscribe(ChannelHandlerContext context, SUBSCRIBE subscribe) {
        List<Topic> topics = subscribe.getTopics();
        @Nullable Mqtt5SubAckReasonCode[] codes = new Mqtt5SubAckReasonCode[topics.size()];
        List<Topic> taken = new ArrayList<>();
        for (int i = 0; i < codes.length; i++) {
            TopicRefusal refusal = guard.subscribe(topics.get(i).getTopic());
            if (refusal == null) {
                taken.add(topics.get(i));
            } else {
                codes[i] = TopicAnswers.suback(refusal);
            }
        }
        int packetId = subscribe.getPacketIdentifier();
        if (taken.isEmpty()) {
            var unused = context.writeAndFlush(new SUBACK(packetId, Arrays.asList(codes)));
            return;
        }
        if (taken.size() < codes.length) {
            answers.expect(packetId, codes);
        }
        context.fireChannelRead(new SUBSCRIBE(
                subscribe.getUserProperties(),
                ImmutableList.copyOf(taken),
                packetId,
                subscribe.getSubscriptionIdentifier()));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        var unused = context.write(answers.completed(message), promise);
    }

    private static int bytes(PUBLISH publish) {
        return publish.getPayload() == null ? 0 : publish.getPayload().length;
    }
}
