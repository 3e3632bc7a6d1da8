package io.parley.broker.topics;

import io.parley.broker.topics.TopicRefusal.Kind;
import io.parley.protocol.TopicPattern;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides over what one connection asks for beside the chat. On the connection's event loop. */
public final class TopicGuard {
    private final TopicLoad load;
    private final TopicRules rules;
    private final Set<String> filters = new HashSet<>();

    /** @param rules what the connection may do */
    public TopicGuard(TopicLoad load, TopicRules rules) {
        this.load = load;
        this.rules = rules;
    }

    /** Whether a topic's name or a topic filter is about topics beside the chat only. */
    public boolean isOrdinary(String filter) {
        return load.settings().isOrdinary(filter);
    }

    /** Why a message is not taken; null when it is. */
    public @Nullable TopicRefusal publish(String topic, boolean retained, int bytes) {
        if (!isOrdinary(topic) || !rules.mayPublish(topic)) {
            return new TopicRefusal(Kind.NOT_ALLOWED, "nothing may be published on this topic by this token");
        }
        if (!retained || bytes == 0) {
            return null;
        }
        long most = load.settings().bounds().retainedBytes();
        if (bytes > most) {
            return new TopicRefusal(Kind.TOO_LARGE, "a retained message has " + most + " bytes at most");
        }
        return load.isRetainedFull()
                ? new TopicRefusal(Kind.FULL, "the server retains no more messages: clear some with an empty payload")
                : null;
    }

    /** Takes a subscription. Why not; null when it is taken. */
    public @Nullable TopicRefusal subscribe(String filter) {
        if (!isOrdinary(filter) || !rules.maySubscribe(filter)) {
            return new TopicRefusal(
                    Kind.NOT_ALLOWED, "this token allows no subscription to " + TopicPattern.unshared(filter));
        }
        if (filters.contains(filter)) {
            return null;
        }
        if (filters.size() >= load.settings().bounds().subscriptionsOfConnection() || load.isSubscriptionsFull()) {
            return new TopicRefusal(Kind.FULL, "there are too many subscriptions: unsubscribe from some");
        }
        filters.add(filter);
        return null;
    }

    /** A subscription ends. */
    public void unsubscribe(String filter) {
        filters.remove(filter);
    }
}
