package io.parley.broker.netty;

import com.google.common.collect.ImmutableList;
import com.hivemq.mqtt.message.publish.PUBLISH;
import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5UnsubAckReasonCode;
import com.hivemq.mqtt.message.subscribe.SUBSCRIBE;
import com.hivemq.mqtt.message.subscribe.Topic;
import com.hivemq.mqtt.message.unsubscribe.UNSUBSCRIBE;
import io.netty.channel.ChannelHandlerContext;
import io.parley.broker.topics.TopicGuard;
import io.parley.broker.topics.TopicRefusal;
import io.parley.gateway.publishing.Publishing;
import io.parley.gateway.throttling.Throttle;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a device does beside the chat: it is checked here and then passed on to HiveMQ, in its order with the chat. Where HiveMQ answers only a part of a
 * packet, its answer is completed on its way out. On the event loop.
 */
final class OrdinaryTopics {
    private final ChannelHandlerContext context;
    private final MqttLink link;
    private final TopicGuard guard;
    private final Publishing publishing;
    private final Throttle throttle;
    private final PartialAnswers answers = new PartialAnswers();

    OrdinaryTopics(
            ChannelHandlerContext context, MqttLink link, TopicGuard guard, Publishing publishing, Throttle throttle) {
        this.context = context;
        this.link = link;
        this.guard = guard;
        this.publishing = publishing;
        this.throttle = throttle;
    }

    boolean isOrdinary(String filter) {
        return guard.isOrdinary(filter);
    }

    void publish(PUBLISH publish) {
        int bytes = publish.getPayload() == null ? 0 : publish.getPayload().length;
        TopicRefusal refusal = guard.publish(publish.getTopic(), publish.isRetain(), bytes);
        if (refusal != null) {
            refuse(publish, refusal);
            return;
        }
        AtomicBoolean tooLarge = new AtomicBoolean();
        publishing.inTurn(
                () -> {
                    long millis = throttle.message(link.device().user(), bytes);
                    tooLarge.set(millis == Throttle.NEVER);
                    return Math.max(Throttle.NOW, millis);
                },
                () -> {
                    if (tooLarge.get()) {
                        refuse(
                                publish,
                                new TopicRefusal(
                                        TopicRefusal.Kind.TOO_LARGE,
                                        "the payload is larger than a user may publish in ten seconds"));
                    } else {
                        pass(publish);
                    }
                });
    }

    private void refuse(PUBLISH publish, TopicRefusal refusal) {
        Object answer = link.isVersion5() ? TopicAnswers.refused(publish, refusal) : null;
        if (answer == null) {
            link.disconnect(TopicAnswers.disconnect(refusal), refusal.reason());
        } else {
            link.write(answer);
        }
    }

    /** Takes a subscription. The code that refuses it; null when HiveMQ is to have it. */
    @Nullable
    Mqtt5SubAckReasonCode subscribe(String filter) {
        TopicRefusal refusal = guard.subscribe(filter);
        return refusal == null ? null : TopicAnswers.suback(refusal);
    }

    /**
     * Passes a part of a SUBSCRIBE on.
     *
     * @param codes of the whole packet; null for each of the part
     */
    void subscribe(SUBSCRIBE whole, List<Topic> part, @Nullable Mqtt5SubAckReasonCode[] codes) {
        answers.expect(whole.getPacketIdentifier(), codes);
        pass(new SUBSCRIBE(
                whole.getUserProperties(),
                ImmutableList.copyOf(part),
                whole.getPacketIdentifier(),
                whole.getSubscriptionIdentifier()));
    }

    /** Passes a part of an UNSUBSCRIBE on, likewise. */
    void unsubscribe(UNSUBSCRIBE whole, List<String> part, @Nullable Mqtt5UnsubAckReasonCode[] codes) {
        part.forEach(guard::unsubscribe);
        answers.expect(whole.getPacketIdentifier(), codes);
        pass(new UNSUBSCRIBE(ImmutableList.copyOf(part), whole.getPacketIdentifier(), whole.getUserProperties()));
    }

    private void pass(Object message) {
        if (context.channel().isActive()) {
            context.fireChannelRead(message);
        }
    }

    /** What goes out instead of what HiveMQ writes. */
    Object completed(Object message) {
        return answers.completed(message);
    }
}
