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
import io.parley.protocol.SubscribeFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Takes SUBSCRIBE and UNSUBSCRIBE; each is answered when all of its filters are. On the event loop. */
final class Subscriptions {
    private final MqttLink link;
    private final DeviceSession session;
    /** The filters of the user's own replies, and the QoS of each. */
    private final Map<String, Integer> replies = new HashMap<>();

    Subscriptions(MqttLink link, DeviceSession session) {
        this.link = link;
        this.session = session;
    }

    void subscribe(SUBSCRIBE message) {
        List<Topic> topics = message.getTopics();
        Answers answers = new Answers(message.getPacketIdentifier(), topics.size());
        List<Runnable> mine = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            int index = i;
            String filter = topics.get(i).getTopic();
            int qos = Math.min(topics.get(i).getQoS().getQosNumber(), 1);
            SubscribeFilter meaning =
                    SubscribeFilter.parse(filter, link.device().user());
            if (meaning instanceof SubscribeFilter.Mine all) {
                session.subscriptions().subscribeMine(filter, all, qos);
                mine.add(() -> answers.answer(index, code(Permission.GRANTED, qos)));
            } else {
                subscribe(filter, meaning, qos, permission -> answers.answer(index, code(permission, qos)));
            }
        }
        if (!mine.isEmpty()) {
            session.subscriptions().attachMine(() -> mine.forEach(Runnable::run));
        }
    }

    private void subscribe(String filter, SubscribeFilter meaning, int qos, Consumer<Permission> permission) {
        if (meaning instanceof SubscribeFilter.One one) {
            session.subscriptions().subscribe(filter, one, qos, permission);
        } else if (meaning instanceof SubscribeFilter.Replies of
                && of.user().equals(link.device().user())) {
            replies.put(filter, qos);
            adaptReplies();
            permission.accept(Permission.GRANTED);
        } else {
            permission.accept(Permission.DENIED);
        }
    }

    void unsubscribe(UNSUBSCRIBE message) {
        List<Mqtt5UnsubAckReasonCode> codes = new ArrayList<>();
        for (String filter : message.getTopics()) {
            codes.add(
                    unsubscribe(filter)
                            ? Mqtt5UnsubAckReasonCode.SUCCESS
                            : Mqtt5UnsubAckReasonCode.NO_SUBSCRIPTIONS_EXISTED);
        }
        link.write(new UNSUBACK(message.getPacketIdentifier(), codes));
    }

    private boolean unsubscribe(String filter) {
        if (replies.remove(filter) != null) {
            adaptReplies();
            return true;
        }
        return session.subscriptions().unsubscribe(filter);
    }

    private void adaptReplies() {
        if (replies.isEmpty()) {
            link.replies().unsubscribe();
        } else {
            link.replies().subscribe(Collections.max(replies.values()));
        }
    }

    private static Mqtt5SubAckReasonCode code(Permission permission, int qos) {
        return switch (permission) {
            case GRANTED -> qos == 0 ? Mqtt5SubAckReasonCode.GRANTED_QOS_0 : Mqtt5SubAckReasonCode.GRANTED_QOS_1;
            case DENIED -> Mqtt5SubAckReasonCode.NOT_AUTHORIZED;
            case UNKNOWN -> Mqtt5SubAckReasonCode.UNSPECIFIED_ERROR;
            case TOO_MANY -> Mqtt5SubAckReasonCode.QUOTA_EXCEEDED;
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
