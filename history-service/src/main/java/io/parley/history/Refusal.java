package io.parley.history;

import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;

/** A request is not served. Javalin asks for an exception; this one has no stack trace, since nothing is broken. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A writer reports once a second. */
    private static final long BEHIND_SECONDS = 2;

    /** By then other reads of the user have ended. */
    private static final long LIMITED_SECONDS = 2;

    private final int status;
    private final ErrorCode code;
    private final long retryAfterSeconds;

    private Refusal(int status, ErrorCode code, String message) {
        this(status, code, message, 0);
    }

    private Refusal(int status, ErrorCode code, String message, long retryAfterSeconds) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    static Refusal noToken() {
        return new Refusal(401, ErrorCode.NOT_ALLOWED, "a valid token is needed");
    }

    static Refusal noToken(String told) {
        return new Refusal(401, ErrorCode.NOT_ALLOWED, told);
    }

    static Refusal notMember() {
        return new Refusal(403, ErrorCode.NOT_A_MEMBER, "not a member of this conversation");
    }

    static Refusal notFound() {
        return new Refusal(404, ErrorCode.NOT_FOUND, "there is nothing at this address");
    }

    static Refusal bad(String message) {
        return new Refusal(400, ErrorCode.BAD_REQUEST, message);
    }

    /** @param retryAfterSeconds when the next request is served, at least 1 */
    static Refusal tooMany(long retryAfterSeconds) {
        return new Refusal(429, ErrorCode.RATE_LIMITED, "too many requests, slow down", retryAfterSeconds);
    }

    /** What the user asks for at once is more than they may. */
    static Refusal tooMuch() {
        return tooMany(LIMITED_SECONDS);
    }

    /** Who may read cannot be decided now. */
    static Refusal behind() {
        return new Refusal(503, ErrorCode.UNAVAILABLE, "history is behind, ask again later", BEHIND_SECONDS);
    }

    /** The log takes nothing now. */
    static Refusal noLog() {
        return noLog("the log cannot be reached now, try again");
    }

    /** Likewise, of something that may have happened all the same. */
    static Refusal noLog(String reason) {
        return new Refusal(503, ErrorCode.UNAVAILABLE, reason, LIMITED_SECONDS);
    }

    static Refusal notAllowed(String reason) {
        return new Refusal(403, ErrorCode.NOT_ALLOWED, reason);
    }

    static Refusal conflict(String reason) {
        return new Refusal(409, ErrorCode.CONFLICT, reason);
    }

    static Refusal tooLarge(String reason) {
        return new Refusal(413, ErrorCode.TOO_LARGE, reason);
    }

    /** A refusal as the chat has it on every transport. */
    static Refusal of(Error error) {
        int status = switch (error.getCode()) {
            case BAD_REQUEST -> 400;
            case NOT_A_MEMBER, NOT_ALLOWED -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT, AWAITS_CONSENT -> 409;
            case TOO_LARGE -> 413;
            case RATE_LIMITED -> 429;
            case UNAVAILABLE -> 503;
            default -> 500;
        };
        boolean later = status == 429 || status == 503;
        return new Refusal(status, error.getCode(), error.getMessage(), later ? LIMITED_SECONDS : 0);
    }

    static Refusal unavailable() {
        return new Refusal(503, ErrorCode.UNAVAILABLE, "history cannot be read now");
    }

    int status() {
        return status;
    }

    ErrorCode code() {
        return code;
    }

    /** 0: nothing is known of that. */
    long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
