package io.parley.push.message;

import io.parley.protocol.push.Notification;
import java.time.Duration;

/** How long a platform may keep a notification for a device that it cannot reach. */
public final class TimeToLive {
    /** The longest that FCM and the browsers' services take: <a href="https://firebase.google.com/docs/cloud-messaging/concept-options#ttl">four weeks</a>. */
    public static final Duration LONGEST = Duration.ofDays(28);

    private TimeToLive() {}

    /** From now until the notification expires; zero if it has, the longest if it never does. */
    public static Duration of(Notification notification, long nowMillis) {
        if (notification.getExpiresAtMillis() == 0) {
            return LONGEST;
        }
        long left = Math.max(0, notification.getExpiresAtMillis() - nowMillis);
        return Duration.ofMillis(Math.min(left, LONGEST.toMillis()));
    }
}
