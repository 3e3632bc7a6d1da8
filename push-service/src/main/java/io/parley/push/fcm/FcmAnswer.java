package io.parley.push.fcm;

import java.util.Optional;

/**
 * FCM did not take a message. Not an {@link java.io.IOException}, and not the SDK's own exception: those make the SDK try again, with pauses of up to a minute.
 * Its message has no text of the answer, which may name a token.
 */
final class FcmAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String body;
    private final transient Optional<String> retryAfter;

    FcmAnswer(int status, String body, Optional<String> retryAfter) {
        super("FCM answered " + status, null, false, false);
        this.status = status;
        this.body = body;
        this.retryAfter = retryAfter;
    }

    /** The HTTP status; never a success. */
    int status() {
        return status;
    }

    /** As it came: usually JSON. */
    String body() {
        return body;
    }

    /** The header of that name. */
    Optional<String> retryAfter() {
        return retryAfter;
    }
}
