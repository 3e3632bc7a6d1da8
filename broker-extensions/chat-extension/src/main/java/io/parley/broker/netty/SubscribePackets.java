package io.parley.broker.netty;

import com.hivemq.mqtt.message.mqtt5.Mqtt5RetainHandling;
import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5UnsubAckReasonCode;
import com.hivemq.mqtt.message.suback.SUBACK;
import com.hivemq.mqtt.message.subscribe.SUBSCRIBE;
import com.hivemq.mqtt.message.subscribe.Topic;
import com.hivemq.mqtt.message.unsuback.UNSUBACK;
import com.hivemq.mqtt.message.unsubscribe.UNSUBSCRIBE;
import io.parley.gateway.delivering.DeviceSession;
import io.parley.gateway.publishing.Publishing;
import io.parley.gateway.subscribing.Filter;
import io.parley.gateway.subscribing.Permission;
import io.parley.gateway.throttling.SubscribeThrottle;
import io.parley.protocol.log.Subscription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes SUBSCRIBE and UNSUBSCRIBE, in their order with what is published; each is answered when the log has it. One that is beyond what the user may holds
 * up the connection. Filters beside the chat are HiveMQ's. On the event loop.
 */
final class SubscribePackets {
    /** Until then some questions will have been answered. */
    private static final long ASK_AGAIN_MILLIS = 100;

    private final MqttLink link;
    private final DeviceSession session;
    private final Publishing publishing;
    private final SubscribeThrottle throttle;
    private final OrdinaryTopics ordinary;

    SubscribePackets(
            MqttLink link,
            DeviceSession session,
            Publishing publishing,
            SubscribeThrottle throttle,
            OrdinaryTopics ordinary) {
        this.link = link;
        this.session = session;
        this.publishing = publishing;
        this.throttle = throttle;
        this.ordinary = ordinary;
    }

    void subscribe(SUBSCRIBE message) {
        List<Topic> topics = message.getTopics();
        @Nullable Mqtt5SubAckReasonCode[] codes = new Mqtt5SubAckReasonCode[topics.size()];
        List<Filter> wanted = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        List<Topic> beside = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            if (ordinary.isOrdinary(topics.get(i).getTopic())) {
                codes[i] = ordinary.subscribe(topics.get(i).getTopic());
                if (codes[i] == null) {
                    beside.add(topics.get(i));
                }
            } else if (topics.get(i).isNoLocal()) {
                // A conversation's order holds one's own messages, too: a device learns their seqs by them.
                codes[i] = Mqtt5SubAckReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
            } else {
                places.add(i);
                wanted.add(filter(topics.get(i), message.getSubscriptionIdentifier()));
            }
        }
        publishing.inTurn(() -> waitMillis(message, wanted), () -> {
            if (wanted.isEmpty()) {
                answer(message, beside, codes);
                return;
            }
            session.subscriptions().subscribe(wanted, permissions -> {
                for (int i = 0; i < places.size(); i++) {
                    codes[places.get(i)] =
                            code(permissions.get(i), wanted.get(i).qos());
                }
                answer(message, beside, codes);
            });
        });
    }

    private void answer(SUBSCRIBE message, List<Topic> beside, @Nullable Mqtt5SubAckReasonCode[] codes) {
        if (link.isClosing()) {
            return;
        }
        if (beside.isEmpty()) {
            link.write(new SUBACK(message.getPacketIdentifier(), Arrays.asList(codes)));
        } else {
            ordinary.subscribe(message, beside, codes);
        }
    }

    private long waitMillis(SUBSCRIBE message, List<Filter> wanted) {
        long naming = wanted.stream().filter(it -> it.conversation() != null).count();
        return session.subscriptions().mayAsk((int) naming)
                ? throttle.subscribe(
                        link.device().user(), wanted, message.getTopics().size() - wanted.size())
                : ASK_AGAIN_MILLIS;
    }

    private Filter filter(Topic topic, int identifier) {
        return Filter.of(
                Subscription.newBuilder()
                        .setFilter(topic.getTopic())
                        .setQos(Math.min(topic.getQoS().getQosNumber(), 1))
                        .setRetainAsPublished(topic.isRetainAsPublished())
                        .setRetainHandling(retainHandling(topic.getRetainHandling()))
                        .setIdentifier(Math.max(0, identifier))
                        .build(),
                link.device().user());
    }

    private static int retainHandling(Mqtt5RetainHandling handling) {
        return handling.getCode();
    }

    void unsubscribe(UNSUBSCRIBE message) {
        publishing.inTurn(
                () -> throttle.unsubscribe(
                        link.device().user(), message.getTopics().size()),
                () -> unsubscribeNow(message));
    }

    private void unsubscribeNow(UNSUBSCRIBE message) {
        List<String> filters = message.getTopics();
        @Nullable Mqtt5UnsubAckReasonCode[] codes = new Mqtt5UnsubAckReasonCode[filters.size()];
        List<String> beside = filters.stream().filter(ordinary::isOrdinary).toList();
        List<String> chat =
                filters.stream().filter(filter -> !ordinary.isOrdinary(filter)).toList();
        if (chat.isEmpty()) {
            ordinary.unsubscribe(message, beside, codes);
            return;
        }
        session.subscriptions().unsubscribe(chat, were -> {
            if (were == null || link.isClosing()) {
                return;
            }
            Iterator<Boolean> next = were.iterator();
            for (int i = 0; i < codes.length; i++) {
                codes[i] = ordinary.isOrdinary(filters.get(i)) ? null : code(next.next());
            }
            if (beside.isEmpty()) {
                link.write(new UNSUBACK(message.getPacketIdentifier(), Arrays.asList(codes)));
            } else {
                ordinary.unsubscribe(message, beside, codes);
            }
        });
    }

    private static Mqtt5UnsubAckReasonCode code(boolean was) {
        return was ? Mqtt5UnsubAckReasonCode.SUCCESS : Mqtt5UnsubAckReasonCode.NO_SUBSCRIPTIONS_EXISTED;
    }

    private static Mqtt5SubAckReasonCode code(Permission permission, int qos) {
        return switch (permission) {
            case GRANTED -> qos == 0 ? Mqtt5SubAckReasonCode.GRANTED_QOS_0 : Mqtt5SubAckReasonCode.GRANTED_QOS_1;
            case DENIED -> Mqtt5SubAckReasonCode.NOT_AUTHORIZED;
            case UNKNOWN -> Mqtt5SubAckReasonCode.UNSPECIFIED_ERROR;
            case TOO_MANY -> Mqtt5SubAckReasonCode.QUOTA_EXCEEDED;
            case TOO_LONG -> Mqtt5SubAckReasonCode.TOPIC_FILTER_INVALID;
        };
    }
}
