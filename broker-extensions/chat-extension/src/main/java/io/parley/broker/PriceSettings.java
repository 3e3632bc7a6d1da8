package io.parley.broker;

import io.parley.gateway.delivering.QuestionLimits;
import io.parley.gateway.throttling.ListingThrottle;
import io.parley.gateway.throttling.Rate;
import io.parley.gateway.throttling.SubscribeThrottle;
import io.parley.gateway.throttling.UserConnects;
import io.parley.runtime.Settings;
import java.time.Duration;

/** What is not a publication has its price, too: {@code parley.prices}. */
final class PriceSettings {
    private static final String KEYS = "parley.prices.";
    private static final int MANY = 1_000_000_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
    /** Well within the time that a client waits for its CONNACK. */
    private static final Duration LONGEST_CONNECT_WAIT = Duration.ofSeconds(2);

    private PriceSettings() {}

    static SubscribeThrottle subscribing(Settings settings) {
        return new SubscribeThrottle(
                new SubscribeThrottle.Prices(
                        settings.wholeNumber(KEYS + "filter", 1, MANY),
                        settings.wholeNumber(KEYS + "conversation", 0, MANY),
                        settings.wholeNumber(KEYS + "snapshot", 0, MANY)),
                new Rate(settings.wholeNumber(KEYS + "subscribe-tokens-per-minute", 1, MANY), MINUTE),
                new Rate(settings.wholeNumber(KEYS + "subscribe-tokens-per-second", 1, MANY), SECOND));
    }

    static UserConnects connects(Settings settings) {
        return new UserConnects(
                new Rate(
                        settings.wholeNumber(KEYS + "connects-of-a-user-per-minute", 1, MANY),
                        MINUTE,
                        settings.wholeNumber(KEYS + "connects-of-a-user-per-two-seconds", 1, MANY),
                        TWO_SECONDS),
                LONGEST_CONNECT_WAIT);
    }

    static ListingThrottle listing(Settings settings) {
        return new ListingThrottle(
                new Rate(settings.wholeNumber(KEYS + "listed-conversations-per-minute", 1, MANY), MINUTE));
    }

    static QuestionLimits questions(Settings settings) {
        return new QuestionLimits(
                settings.integer(KEYS + "questions-of-a-connection", 1, MANY),
                settings.integer(KEYS + "questions", 1, MANY));
    }
}
