package io.parley.gateway.throttling;

import io.parley.gateway.subscribing.Filter;
import io.parley.protocol.Feed;
import io.parley.protocol.UserId;
import java.util.List;
import java.util.Set;

/**
 * What users pay for SUBSCRIBE and UNSUBSCRIBE, and how fast they may. A SUBSCRIBE that costs more than a full bucket takes all of one. Two buckets: one
 * for what a user may ask for, and a small one that spreads it over time, because everybody waits behind what the engine is asked at once.
 */
public final class SubscribeThrottle {
    private static final Set<Feed> SNAPSHOTS = Set.of(Feed.RECEIPT, Feed.PRESENCE);

    private final Prices prices;
    private final UserBuckets users;
    private final UserBuckets pace;

    /**
     * What a filter costs, in tokens: the sum of what holds for it.
     *
     * @param filter every filter, also one that is unsubscribed
     * @param conversation more, if it is about one conversation by name, or about all: the engine is asked
     * @param snapshot more, if receipts or presence come at once: the engine reads all members
     */
    public record Prices(long filter, long conversation, long snapshot) {
        long of(Filter wanted) {
            boolean asks = wanted.conversation() != null || wanted.isMine();
            boolean reads = wanted.feeds().stream().anyMatch(SNAPSHOTS::contains);
            return filter + (asks ? conversation : 0) + (reads ? snapshot : 0);
        }
    }

    /**
     * Full buckets for everybody.
     *
     * @param rate tokens of one user
     * @param pace how fast a user may spend them. What costs more passes, and the next waits until that much time is over
     */
    public SubscribeThrottle(Prices prices, Rate rate, Rate pace) {
        this.prices = prices;
        this.users = new UserBuckets(rate);
        this.pace = new UserBuckets(pace);
    }

    /**
     * Takes a SUBSCRIBE.
     *
     * @param wanted its filters of the chat
     * @param others how many it has beside them
     * @return {@link Throttle#NOW}, or how many milliseconds to wait before asking again
     */
    public long subscribe(UserId user, List<Filter> wanted, int others) {
        return take(user, wanted.stream().mapToLong(prices::of).sum() + others * prices.filter());
    }

    /** Takes an UNSUBSCRIBE of so many filters, likewise. */
    public long unsubscribe(UserId user, int filters) {
        return take(user, filters * prices.filter());
    }

    private long take(UserId user, long tokens) {
        long millis = pace.untilPaid(user);
        if (millis == Throttle.NOW) {
            millis = users.take(user, tokens);
        }
        if (millis == Throttle.NOW) {
            pace.owe(user, tokens);
        }
        return millis;
    }
}
