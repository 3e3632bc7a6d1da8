package io.parley.push.sending;

import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushToken;
import io.parley.push.content.CollapseId;

/** One notification on its way to one token. */
public final class Delivery {
    private final PushToken token;
    private final Notification notification;
    private final LogPosition position;
    private final Key key;
    private int attempts;
    private long firstAttemptMillis;

    /** What must not overtake each other. */
    record Key(String provider, String token, String topic, String collapseId) {}

    public Delivery(PushToken token, Notification notification, LogPosition position) {
        this.token = token;
        this.notification = notification;
        this.position = position;
        this.key = new Key(token.getProvider(), token.getToken(), token.getTopic(), CollapseId.of(notification));
    }

    public PushToken token() {
        return token;
    }

    public Notification notification() {
        return notification;
    }

    /** Where the notification lies in the log. */
    public LogPosition position() {
        return position;
    }

    Key key() {
        return key;
    }

    /** How often it was tried so far. */
    int attempts() {
        return attempts;
    }

    void attempted(long nowMillis) {
        if (attempts++ == 0) {
            firstAttemptMillis = nowMillis;
        }
    }

    /** For how long it has been tried. */
    long triedForMillis(long nowMillis) {
        return attempts == 0 ? 0 : nowMillis - firstAttemptMillis;
    }

    boolean isExpired(long nowMillis) {
        long expiresAtMillis = notification.getExpiresAtMillis();
        return expiresAtMillis != 0 && expiresAtMillis <= nowMillis;
    }
}
