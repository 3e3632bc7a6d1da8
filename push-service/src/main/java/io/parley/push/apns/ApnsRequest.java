package io.parley.push.apns;

import com.eatthepath.pushy.apns.ApnsPushNotification;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushType;
import io.parley.protocol.push.Notification;
import io.parley.push.content.CollapseId;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.NullUnmarked;

/**
 * One notification as Pushy takes it. Pushy keeps what it cannot send while it has no connection, and would send it when it has one, however late: what was
 * given up by then refuses to be written.
 */
// Pushy's types say nothing of null.
@NullUnmarked
final class ApnsRequest implements ApnsPushNotification {
    /** Apple keeps nothing for longer. */
    private static final long MAX_KEPT_SECONDS = 30L * 24 * 3600;

    private final String token;
    private final String topic;
    private final String payload;
    private final Instant expiration;
    private final String collapseId;
    private final boolean alert;
    private final boolean silent;
    private final BooleanSupplier givenUp;

    /** @param givenUp whether nobody waits for it any more */
    ApnsRequest(String token, String topic, String payload, Notification of, long nowMillis, BooleanSupplier givenUp) {
        this.token = token;
        this.topic = topic;
        this.payload = payload;
        this.expiration = expiration(of, nowMillis);
        this.collapseId = CollapseId.of(of);
        this.alert = of.hasAlert();
        this.silent = of.hasWithdrawal();
        this.givenUp = givenUp;
    }

    private static Instant expiration(Notification of, long nowMillis) {
        long latest = nowMillis / 1000 + MAX_KEPT_SECONDS;
        long wanted = of.getExpiresAtMillis() == 0 ? latest : of.getExpiresAtMillis() / 1000;
        // 0 would mean: one attempt, and it is not kept. Pushy passes on 31 bits.
        return Instant.ofEpochSecond(Math.min(Integer.MAX_VALUE, Math.max(1, Math.min(latest, wanted))));
    }

    @Override
    public String getToken() {
        if (givenUp.getAsBoolean()) {
            throw new CancellationException("given up before it was sent");
        }
        return token;
    }

    @Override
    public String getPayload() {
        return payload;
    }

    @Override
    public Instant getExpiration() {
        return expiration;
    }

    @Override
    public DeliveryPriority getPriority() {
        return alert ? DeliveryPriority.IMMEDIATE : DeliveryPriority.CONSERVE_POWER;
    }

    @Override
    public PushType getPushType() {
        return silent ? PushType.BACKGROUND : PushType.ALERT;
    }

    @Override
    public String getTopic() {
        return topic;
    }

    @Override
    public String getCollapseId() {
        return collapseId;
    }

    @Override
    public UUID getApnsId() {
        return null;
    }
}
