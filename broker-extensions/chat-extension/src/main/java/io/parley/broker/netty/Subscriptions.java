package io.parley.broker.netty;

import com.hivemq.mqtt.message.reason.Mqtt5SubAckReasonCode;
import com.hivemq.mqtt.message.reason.Mqtt5UnsubAckReasonCode;
import com.hivemq.mqtt.message.suback.SUBACK;
import com.hivemq.mqtt.message.subscribe.SUBSCRIBE;
import com.hivemq.mqtt.message.subscribe.Topic;
import com.hivemq.mqtt.message.unsuback.UNSUBACK;
import com.hivemq.mqtt.message.unsubscribe.UNSUBSCRIBE;
import io.parley.delivery.DeviceSession;
import io.parley.delivery.Permission;
import io.parley.protocol.Feed;
import io.parley.protocol.SubscribeFilter;
import io.parley.protocol.UserId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;

/** Takes SUBSCRIBE and UNSUBSCRIBE; each is answered when all of its filters are. On the event loop. */
final class Subscriptions {
    private final MqttLink link;
    private final DeviceSession session;

    Subscriptions(MqttLink link, DeviceSession session) {
        this.link = link;
        this.session = session;
    }

    void subscribe(SUBSCRIBE message) {
        List<Topic> topics = message.getTopics();
        Answers answers = new Answers(message.getPacketIdentifier(), topics.size());
        EnumSet<Feed> mine = EnumSet.noneOf(Feed.class);
        int messageQos = 0;
        for (int i = 0; i < topics.size(); i++) {
            int index = i;
            int qos = Math.min(topics.get(i).getQoS().getQosNumber(), 1);
            SubscribeFilter filter = SubscribeFilter.parse(
                    topics.get(i).getTopic(), link.device().user());
            if (filter instanceof SubscribeFilter.Mine all) {
                mine.addAll(all.feeds());
                messageQos = all.feeds().contains(Feed.MSG) ? qos : messageQos;
            }
            subscribe(filter, qos, permission -> answers.answer(index, code(permission, qos)));
        }
        if (!mine.isEmpty()) {
            // All of them in one go: each costs a command to every conversation of the user.
            session.subscribeMine(new SubscribeFilter.Mine(mine), messageQos);
        }
    }

    private void subscribe(SubscribeFilter filter, int qos, Consumer<Permission> permission) {
        UserId me = link.device().user();
        if (filter instanceof SubscribeFilter.One one) {
            session.subscribe(one, qos, permission);
        } else if (filter instanceof SubscribeFilter.Mine) {
            permission.accept(Permission.GRANTED);
        } else if (filter instanceof SubscribeFilter.Replies replies
                && replies.user().equals(me)) {
            link.replies().subscribe(qos);
            permission.accept(Permission.GRANTED);
        } else {
            permission.accept(Permission.DENIED);
        }
    }

    void unsubscribe(UNSUBSCRIBE message) {
        List<Mqtt5UnsubAckReasonCode> codes = new ArrayList<>();
        for (String topicFilter : message.getTopics()) {
            codes.add(
                    unsubscribe(SubscribeFilter.parse(topicFilter, link.device().user())));
        }
        link.write(new UNSUBACK(message.getPacketIdentifier(), codes));
    }

    private Mqtt5UnsubAckReasonCode unsubscribe(SubscribeFilter filter) {
        if (filter instanceof SubscribeFilter.One || filter instanceof SubscribeFilter.Mine) {
            session.unsubscribe(filter);
            return Mqtt5UnsubAckReasonCode.SUCCESS;
        }
        if (filter instanceof SubscribeFilter.Replies) {
            link.replies().unsubscribe();
            return Mqtt5UnsubAckReasonCode.SUCCESS;
        }
        return Mqtt5UnsubAckReasonCode.NO_SUBSCRIPTIONS_EXISTED;
    }

    private static Mqtt5SubAckReasonCode code(Permission permission, int qos) {
        return switch (permission) {
            case GRANTED -> qos == 0 ? Mqtt5SubAckReasonCode.GRANTED_QOS_0 : Mqtt5SubAckReasonCode.GRANTED_QOS_1;
            case DENIED -> Mqtt5SubAckReasonCode.NOT_AUTHORIZED;
            case UNKNOWN -> Mqtt5SubAckReasonCode.UNSPECIFIED_ERROR;
        };
    }

    /** The codes of one SUBACK as they come in. */
    private final class Answers {
        private final int packetId;
        private final Mqtt5SubAckReasonCode[] codes;
        private int open;

        Answers(int packetId, int filters) {
            this.packetId = packetId;
            this.codes = new Mqtt5SubAckReasonCode[filters];
            this.open = filters;
        }

        void answer(int index, Mqtt5SubAckReasonCode code) {
            codes[index] = code;
            if (--open == 0 && !link.isClosing()) {
                link.write(new SUBACK(packetId, Arrays.asList(codes)));
            }
        }
    }
}
