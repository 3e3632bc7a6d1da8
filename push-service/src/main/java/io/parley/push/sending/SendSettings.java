package io.parley.push.sending;

import io.parley.runtime.Settings;
import java.time.Duration;

/**
 * How notifications are sent, the same for each platform.
 *
 * @param waiting deliveries of one platform that this process holds, under way or not; with more, the log is read no further
 * @param atOnce attempts under way on one platform
 * @param deadline of one attempt
 * @param firstBackoff the wait after a first attempt that has to be repeated
 * @param maxBackoff the longest wait
 * @param giveUpAfter how long after its first attempt a delivery is tried
 * @param breaker when a circuit opens
 */
public record SendSettings(
        int waiting,
        int atOnce,
        Duration deadline,
        Duration firstBackoff,
        Duration maxBackoff,
        Duration giveUpAfter,
        Breaker breaker) {

    /**
     * When a circuit opens, and closes again.
     *
     * @param attempts the last so many attempts count
     * @param failedPercent when so many of them failed, the circuit opens
     * @param firstWait how long it stays open the first time
     * @param maxWait the longest time; it doubles as long as the trial fails
     * @param trials attempts that decide whether it closes again
     */
    public record Breaker(int attempts, int failedPercent, Duration firstWait, Duration maxWait, int trials) {}

    /** Reads {@code parley.push}. */
    public static SendSettings from(Settings settings) {
        return new SendSettings(
                settings.integer("parley.push.waiting", 10, 100_000),
                settings.integer("parley.push.at-once", 1, 10_000),
                duration(settings, "parley.push.deadline"),
                duration(settings, "parley.push.retry.first"),
                duration(settings, "parley.push.retry.longest"),
                duration(settings, "parley.push.retry.give-up-after"),
                new Breaker(
                        settings.integer("parley.push.breaker.attempts", 2, 10_000),
                        settings.integer("parley.push.breaker.failed-percent", 1, 100),
                        duration(settings, "parley.push.breaker.first-wait"),
                        duration(settings, "parley.push.breaker.longest-wait"),
                        settings.integer("parley.push.breaker.trials", 1, 1000)));
    }

    private static Duration duration(Settings settings, String key) {
        Duration value = settings.duration(key);
        if (value.toMillis() < 10 || value.toDays() > 7) {
            throw settings.bad(key, "must be 10ms to 7d");
        }
        return value;
    }
}
