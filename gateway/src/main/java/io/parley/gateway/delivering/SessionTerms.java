package io.parley.gateway.delivering;

/**
 * What a device asks of its session when it connects.
 *
 * @param cleanStart an earlier session ends, and the device starts now instead of at its cursors
 * @param expirySeconds how long the session outlives its connection; 0: it ends with it
 * @param tokenIssuedAtMillis when the token was issued with which the device asks, epoch milliseconds; 0: not known, it is taken for good
 */
public record SessionTerms(boolean cleanStart, long expirySeconds, long tokenIssuedAtMillis) {
    /** The longest that the server keeps a session, in seconds: 30 days. */
    public static final long MAX_EXPIRY_SECONDS = 30L * 24 * 60 * 60;

    /** Terms with the server's maximum applied. */
    public SessionTerms {
        expirySeconds = Math.min(expirySeconds, MAX_EXPIRY_SECONDS);
    }

    /** Terms of a connection that has no token. */
    public SessionTerms(boolean cleanStart, long expirySeconds) {
        this(cleanStart, expirySeconds, 0);
    }

    /** Whether the session ends with its connection. */
    public boolean isTransient() {
        return expirySeconds == 0;
    }
}
