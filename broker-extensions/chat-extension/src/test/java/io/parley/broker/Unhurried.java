package io.parley.broker;

import com.typesafe.config.ConfigFactory;
import io.parley.broker.topics.TopicLoad;
import io.parley.broker.topics.TopicSettings;
import io.parley.gateway.throttling.ConnectRate;
import io.parley.gateway.throttling.Limits;
import io.parley.gateway.throttling.Rate;
import io.parley.gateway.throttling.SubscribeThrottle;
import io.parley.gateway.throttling.UserConnects;
import io.parley.runtime.Settings;
import java.time.Duration;
import java.util.Map;

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

    /** Topics beside the chat below {@code telemetry}, of which {@code telemetry/open} needs no token. */
    public static TopicLoad topics() {
        return topics(Map.of("prefixes", "telemetry", "open", "telemetry/open"));
    }

    /** Topics beside the chat with some settings below {@code parley.mqtt.topics}. */
    public static TopicLoad topics(Map<String, ?> settings) {
        return new TopicLoad(TopicSettings.from(Settings.of(ConfigFactory.parseMap(settings)
                .atPath("parley.mqtt.topics")
                .withFallback(ConfigFactory.defaultReference()))));
    }

    /** So many tokens, of which a filter costs one. */
    public static SubscribeThrottle filters(long tokens) {
        return new SubscribeThrottle(
                new SubscribeThrottle.Prices(1, 0, 0), new Rate(tokens, DAY), new Rate(1_000_000, DAY));
    }
}
