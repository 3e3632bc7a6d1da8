package io.parley.runtime;

import java.time.Duration;

/**
 * How long the log keeps what; the keys are explained in reference.conf.
 *
 * @param kept a record, after all have read it
 * @param deliveriesKept a delivery; a node that was held up for nearly five minutes ends its connections
 * @param buriedKept a record that could not be processed, for the operator
 * @param refill an event, after history has it, so that a history from a backup can be filled up again; no less than {@code kept}
 * @param plugins an event, for a plugin that has not read it; no less than {@code kept}
 * @param file how long Kafka writes to a file at most before it begins the next
 */
public record LogSettings(
        Duration kept, Duration deliveriesKept, Duration buriedKept, Duration refill, Duration plugins, Duration file) {
    /** What Kafka itself takes to delete a file: it looks every five minutes unless told otherwise, and waits for a minute. */
    private static final Duration DELETION = Duration.ofMinutes(6);

    /** Reads and checks the settings. */
    public static LogSettings from(Settings settings) {
        Duration kept = Duration.ofSeconds(settings.integer("parley.log.kept-seconds", 1, 3600));
        return new LogSettings(
                kept,
                Duration.ofSeconds(settings.integer("parley.log.deliveries-kept-seconds", 1, 3600)),
                Duration.ofHours(settings.integer("parley.log.buried-kept-hours", 1, 24)),
                longer(kept, Duration.ofHours(settings.integer("parley.log.refill-hours", 0, 168))),
                longer(kept, Duration.ofSeconds(settings.integer("parley.log.plugins-kept-seconds", 0, 86_400))),
                Duration.ofSeconds(settings.integer("parley.log.file-seconds", 1, 3600)));
    }

    /** After so long no byte of a record, or delivery, is on a disk, unless a reader has been out meanwhile, or it is buried. */
    public Duration gone() {
        Duration longest = longer(refill, deliveriesKept);
        return longest.plus(longest).plus(file).plus(file).plus(DELETION);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
