package io.parley.history;

import io.parley.history.polling.PollSettings;
import io.parley.protocol.KafkaClient;
import io.parley.runtime.KafkaSettings;
import io.parley.runtime.Settings;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * This process as a node of the log.
 *
 * @param kafka how it is reached
 * @param slot the slot that it takes if it is free
 * @param patience the engine is told when a device acknowledges nothing for so long; zero: never
 * @param recentBytes of recent events that it remembers
 * @param connectsOfAUser connections that a user's devices begin in ten seconds
 * @param polls how devices that poll are kept connected
 * @param cursorKey authenticates cursors; empty: one of this process alone
 * @param operatorKey what programs of the operator show; empty: there are none
 */
record NodeSettings(
        KafkaClient kafka,
        OptionalInt slot,
        Duration patience,
        long recentBytes,
        long connectsOfAUser,
        PollSettings polls,
        String cursorKey,
        String operatorKey) {
    private static final int SHORTEST_KEY = 32;

    static NodeSettings from(Settings settings) {
        return new NodeSettings(
                KafkaSettings.from(settings).client(),
                settings.optionalInteger("parley.history.slot", 0, 1023),
                settings.duration("parley.history.push-after-unacknowledged"),
                settings.bytes("parley.history.recent-bytes"),
                settings.wholeNumber("parley.history.poll.connects-of-a-user-per-ten-seconds", 1, 1_000_000_000),
                new PollSettings(
                        duration(settings, "parley.history.poll.lease"),
                        settings.integer("parley.history.poll.devices", 1, 1_000_000),
                        duration(settings, "parley.history.poll.longest-stream"),
                        duration(settings, "parley.history.poll.acknowledge-within")),
                key(settings, "parley.history.poll.cursor-key"),
                key(settings, "parley.history.operator-key"));
    }

    private static String key(Settings settings, String name) {
        String key = settings.optionalText(name).orElse("");
        if (!key.isEmpty() && key.length() < SHORTEST_KEY) {
            throw settings.bad(name, "must have " + SHORTEST_KEY + " characters or more");
        }
        return key;
    }

    private static Duration duration(Settings settings, String key) {
        Duration duration = settings.duration(key);
        if (duration.toMillis() < 1_000 || duration.compareTo(Duration.ofHours(1)) > 0) {
            throw settings.bad(key, "must be 1s to 1h");
        }
        return duration;
    }

    @Override
    public String toString() {
        return "NodeSettings[slot=" + slot + "]";
    }
}
