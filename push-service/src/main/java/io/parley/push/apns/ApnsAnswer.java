package io.parley.push.apns;

import com.eatthepath.pushy.apns.PushNotificationResponse;
import io.parley.push.provider.PushOutcome;
import io.parley.push.provider.PushOutcome.Later;
import io.parley.push.provider.PushOutcome.Refused;
import io.parley.push.provider.PushOutcome.TokenGone;
import io.parley.push.provider.PushOutcome.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** What Apple's answers mean to us. */
final class ApnsAnswer {
    /**
     * The token is none, or none any more. {@code BadDeviceToken} is also the answer to a token of the other environment: a token is registered with its
     * environment, so that one is worth nothing either.
     */
    private static final Set<String> GONE = Set.of("Unregistered", "ExpiredToken", "BadDeviceToken");

    /** Of the token alone. */
    private static final Set<String> TOO_MANY = Set.of("TooManyRequests");

    /** Of the connection: the next one serves. */
    private static final Set<String> CONNECTION = Set.of("IdleTimeout", "ExpiredProviderToken");

    /** Apple wants no signature younger than 20 minutes to be replaced; the one of the connection lasts. */
    private static final String TOO_MANY_SIGNATURES = "TooManyProviderTokenUpdates";

    private static final Duration SIGNATURES_PAUSE = Duration.ofMinutes(1);
    private static final int FORBIDDEN = 403;
    private static final int GONE_STATUS = 410;
    private static final int TOO_MANY_STATUS = 429;
    private static final int SERVER_ERROR = 500;

    private ApnsAnswer() {}

    static PushOutcome meaningOf(PushNotificationResponse<?> response) {
        if (response.isAccepted()) {
            return new PushOutcome.Accepted();
        }
        int status = response.getStatusCode();
        String reason = response.getRejectionReason().orElse("Status" + status);
        if (GONE.contains(reason) || status == GONE_STATUS) {
            return new TokenGone(
                    response.getTokenInvalidationTimestamp()
                            .map(Instant::toEpochMilli)
                            .orElse(0L),
                    reason);
        }
        if (reason.equals(TOO_MANY_SIGNATURES)) {
            return new Later(SIGNATURES_PAUSE, reason, Trouble.PROVIDER);
        }
        if (TOO_MANY.contains(reason) || status == TOO_MANY_STATUS) {
            return new Later(Duration.ZERO, reason, Trouble.TOKEN);
        }
        // What Apple does not believe of our credentials an operator can mend; the notifications need not be lost by
        // then.
        if (CONNECTION.contains(reason) || status == FORBIDDEN || status >= SERVER_ERROR) {
            return new Later(Duration.ZERO, reason, Trouble.PROVIDER);
        }
        return new Refused(reason);
    }
}
