package io.parley.broker.topics;

import io.parley.gateway.throttling.Limits;
import io.parley.gateway.throttling.Rate;
import io.parley.protocol.PublishTopic;
import io.parley.protocol.TopicPattern;
import io.parley.runtime.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The topics beside the chat: {@code parley.mqtt.topics}.
 *
 * @param prefixes what all of them lie below; none: there are no such topics
 * @param open what clients without a token may use, too; each lies below a prefix
 * @param bounds what a node holds and takes of all that
 */
public record TopicSettings(List<TopicPattern> prefixes, List<TopicPattern> open, Bounds bounds) {
    private static final String KEYS = "parley.mqtt.topics.";
    private static final int MANY = 1_000_000_000;
    /** More than a message can ask for. */
    private static final long UNLIMITED_SECONDS = 1L << 32;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration YEAR = Duration.ofDays(365);

    /**
     * How much there may be.
     *
     * @param subscriptionsOfConnection topic filters that one connection subscribes to
     * @param subscriptions topic filters of all sessions of a node
     * @param retained retained messages of a node
     * @param retainedBytes the payload of each of them
     * @param queued messages at QoS 1 and 2 that wait for one client
     * @param messageExpiry how long a message is retained or waits
     * @param sessions sessions of clients without a token, of a node
     * @param sessionExpiry how long such a session outlives its connection
     * @param openRates what all clients without a token publish together
     */
    public record Bounds(
            int subscriptionsOfConnection,
            long subscriptions,
            long retained,
            long retainedBytes,
            long queued,
            Duration messageExpiry,
            long sessions,
            Duration sessionExpiry,
            Limits.Rates openRates) {}

    /** Takes copies. */
    public TopicSettings {
        prefixes = List.copyOf(prefixes);
        open = List.copyOf(open);
    }

    /** Reads the settings. */
    public static TopicSettings from(Settings settings) {
        List<TopicPattern> prefixes = patterns(settings, "prefixes");
        List<TopicPattern> open = patterns(settings, "open");
        if (!open.stream().allMatch(one -> covers(prefixes, one.text()))) {
            throw settings.bad(KEYS + "open", "must name only what lies below one of " + KEYS + "prefixes");
        }
        return new TopicSettings(prefixes, open, bounds(settings));
    }

    /** What HiveMQ puts as the expiry interval of a message that has none, and instead of a longer one; seconds. */
    public long longestExpirySeconds() {
        return isOn() ? bounds.messageExpiry().toSeconds() : UNLIMITED_SECONDS;
    }

    private static Bounds bounds(Settings settings) {
        Rate messages = new Rate(settings.wholeNumber(KEYS + "open-messages-per-second", 1, MANY), SECOND);
        long bytes = settings.bytes(KEYS + "open-bytes-per-second");
        if (bytes < 1) {
            throw settings.bad(KEYS + "open-bytes-per-second", "must be 1 byte or more");
        }
        return new Bounds(
                settings.integer(KEYS + "subscriptions-of-a-connection", 1, MANY),
                settings.wholeNumber(KEYS + "subscriptions", 1, MANY),
                settings.wholeNumber(KEYS + "retained-messages", 0, MANY),
                settings.bytes(KEYS + "retained-message-bytes"),
                settings.wholeNumber(KEYS + "queued-messages", 1, MANY),
                upToAYear(settings, "message-expiry"),
                settings.wholeNumber(KEYS + "open-sessions", 1, MANY),
                upToAYear(settings, "open-session-expiry"),
                new Limits.Rates(messages, new Rate(bytes, SECOND), messages));
    }

    private static Duration upToAYear(Settings settings, String name) {
        Duration value = settings.duration(KEYS + name);
        if (value.toSeconds() < 1 || value.compareTo(YEAR) > 0) {
            throw settings.bad(KEYS + name, "must be from 1s to 365d");
        }
        return value;
    }

    private static List<TopicPattern> patterns(Settings settings, String name) {
        return settings.optionalText(KEYS + name).stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .map(String::strip)
                .map(prefix -> pattern(settings, KEYS + name, prefix))
                .toList();
    }

    private static TopicPattern pattern(Settings settings, String key, String prefix) {
        boolean wild = prefix.contains("+") || (prefix.contains("#") && !prefix.equals("#"));
        if (prefix.isEmpty() || wild || PublishTopic.isOurs(prefix) || prefix.startsWith("$")) {
            throw settings.bad(
                    key,
                    "must be topics without wildcards, separated by commas, none of them chat or user or beginning with $; or # for all topics");
        }
        return TopicPattern.below(prefix);
    }

    /** Whether there are such topics at all. */
    public boolean isOn() {
        return !prefixes.isEmpty();
    }

    /** Whether a topic's name or a topic filter, also a shared one, is about topics beside the chat only. */
    public boolean isOrdinary(String filter) {
        String unshared = TopicPattern.unshared(filter);
        return isOn() && !PublishTopic.isOurs(unshared) && covers(prefixes, unshared);
    }

    /** What a client without a token may do. */
    public TopicRules openRules() {
        return new TopicRules(open, open);
    }

    static boolean covers(List<TopicPattern> patterns, String filter) {
        return patterns.stream().anyMatch(pattern -> pattern.covers(filter));
    }
}
