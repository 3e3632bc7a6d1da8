package io.parley.broker;

import io.parley.gateway.throttling.ConnectRate;
import io.parley.gateway.throttling.Limits;
import io.parley.gateway.throttling.Rate;
import io.parley.gateway.throttling.SubscribeThrottle;
import io.parley.gateway.throttling.UserConnects;
import java.time.Duration;

/** Limits that fill again within a day: none comes back during a test. */
public final class Unhurried {
    private static final Duration DAY = Duration.ofDays(1);

    private Unhurried() {}

    /** Limits that no test reaches. */
    public static Limits generous() {
        return limits(1_000_000, 1L << 40, 1_000_000);
    }

    /** Buckets of that many. */
    public static Limits limits(long messages, long bytes, long requests) {
        return new Limits(new Limits.Rates(new Rate(messages, DAY), new Rate(bytes, DAY), new Rate(requests, DAY)));
    }

    /** Takes this many CONNECTs and refuses all others. */
    public static ConnectRate connects(long connects) {
        return new ConnectRate(new Rate(connects, DAY), Duration.ofMillis(1));
    }

    /** Takes this many CONNECTs of a user and refuses all others. */
    public static UserConnects connectsOfUser(long connects) {
        return new UserConnects(new Rate(connects, DAY), Duration.ofMillis(1));
    }

    /** So many tokens, of which a filter costs one. */
    public static SubscribeThrottle filters(long tokens) {
        return new SubscribeThrottle(
                new SubscribeThrottle.Prices(1, 0, 0), new Rate(tokens, DAY), new Rate(1_000_000, DAY));
    }
}
