package io.parley.history.media;

import io.parley.media.MediaRefusal;
import io.parley.protocol.wire.ErrorCode;

/** A request is not served. It has no stack trace, since nothing is broken. */
public final class HttpRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int CHECKSUM_MISMATCH = 460;
    private static final int INSUFFICIENT_STORAGE = 507;

    private final int status;
    private final ErrorCode code;
    private final long retryAfterSeconds;

    /** @param retryAfterSeconds 0: nothing is known of that */
    public HttpRefusal(int status, ErrorCode code, String message, long retryAfterSeconds) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    static HttpRefusal bad(String message) {
        return new HttpRefusal(400, ErrorCode.BAD_REQUEST, message, 0);
    }

    /** As tus says it. */
    static HttpRefusal wrongChecksum() {
        return new HttpRefusal(CHECKSUM_MISMATCH, ErrorCode.BAD_REQUEST, "the bytes are not those of the checksum", 0);
    }

    static HttpRefusal of(MediaRefusal refusal) {
        return switch (refusal.code()) {
            case NOT_ALLOWED -> new HttpRefusal(403, refusal.code(), refusal.reason(), 0);
            case NOT_FOUND -> new HttpRefusal(404, refusal.code(), refusal.reason(), 0);
            case CONFLICT -> new HttpRefusal(409, refusal.code(), refusal.reason(), 0);
            case TOO_LARGE -> new HttpRefusal(413, refusal.code(), refusal.reason(), 0);
            case RATE_LIMITED -> new HttpRefusal(429, refusal.code(), refusal.reason(), 60);
            case UNAVAILABLE ->
                new HttpRefusal(refusal.isFull() ? INSUFFICIENT_STORAGE : 503, refusal.code(), refusal.reason(), 10);
            default -> new HttpRefusal(400, refusal.code(), refusal.reason(), 0);
        };
    }

    int status() {
        return status;
    }

    ErrorCode code() {
        return code;
    }

    long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
