package io.parley.push.provider;

import java.time.Duration;

/**
 * How one attempt to send a notification ended. What follows depends on the type alone. A reason is a platform's name for what happened, such as {@code
 * PayloadTooLarge}, or a few words: it becomes a tag of metrics, so there must be few of them, and it never has a token, an address or a text in it.
 */
public sealed interface PushOutcome {

    /** The platform took it. Whether the device shows it is not known. */
    record Accepted() implements PushOutcome {}

    /**
     * There is no such token, or none any more. The user's devices no longer have it, unless it was registered again afterwards.
     *
     * @param asOfMillis since when the platform knows, epoch milliseconds; 0: not told, then the time counts at which the attempt began
     * @param reason the platform's
     */
    record TokenGone(long asOfMillis, String reason) implements PushOutcome {}

    /**
     * Not now. The service tries again, until the notification expires, a newer one replaces it, or {@code parley.push.retry.give-up-after} is over.
     *
     * @param retryAfter what the platform asked for; zero: nothing, then the back-off alone decides. The service waits for the longer of the two
     * @param reason the platform's
     * @param trouble whom it concerns
     */
    record Later(Duration retryAfter, String reason, Trouble trouble) implements PushOutcome {}

    /**
     * Never: the notification or the token is not acceptable, and would not be later. It goes to the dead letters.
     *
     * @param reason the platform's
     */
    record Refused(String reason) implements PushOutcome {}

    /**
     * This service has no credentials for the token's app. It is counted, and neither sent nor kept.
     *
     * @param reason what is missing
     */
    record NotConfigured(String reason) implements PushOutcome {}

    /** Whom it concerns that a notification has to wait. */
    enum Trouble {
        /** The token alone: it gets too many. */
        TOKEN,
        /** All that the provider sends: it cannot be reached, is overloaded, or does not accept our credentials. The circuit breaker counts it. */
        PROVIDER
    }
}
