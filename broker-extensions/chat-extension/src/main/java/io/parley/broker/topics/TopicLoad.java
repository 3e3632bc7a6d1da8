package io.parley.broker.topics;

import io.parley.gateway.throttling.Limits;
import io.parley.gateway.throttling.Throttle;
import java.util.function.ToLongFunction;

/** How much a node holds beside the chat, against what it may. For all its connections, and for any thread. */
public final class TopicLoad {
    /** What is counted. */
    public enum Kind {
        RETAINED,
        SUBSCRIPTIONS,
        SESSIONS
    }

    private final TopicSettings settings;
    private final Throttle open;
    private volatile ToLongFunction<Kind> counts = kind -> 0;

    /** Nothing is counted until {@link #countedBy}. */
    public TopicLoad(TopicSettings settings) {
        this.settings = settings;
        this.open = new Limits(settings.bounds().openRates());
    }

    /** Who knows the numbers; asked at each PUBLISH that is retained, each SUBSCRIBE and each CONNECT without a token. */
    public void countedBy(ToLongFunction<Kind> counter) {
        counts = counter;
    }

    public TopicSettings settings() {
        return settings;
    }

    /** How many there are on this node. */
    public long count(Kind kind) {
        return counts.applyAsLong(kind);
    }

    /** Whether the node retains no more messages. */
    public boolean isRetainedFull() {
        return count(Kind.RETAINED) >= settings.bounds().retained();
    }

    /** Whether there is no room for another subscription. */
    public boolean isSubscriptionsFull() {
        return count(Kind.SUBSCRIPTIONS) >= settings.bounds().subscriptions();
    }

    /** Whether no other client without a token may have a session. */
    public boolean isSessionsFull() {
        return count(Kind.SESSIONS) >= settings.bounds().sessions();
    }

    /** What all clients without a token may publish together. */
    public Throttle openThrottle() {
        return open;
    }
}
