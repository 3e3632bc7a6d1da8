package io.parley.gateway.delivering;

/**
 * What a device asks of its session when it connects.
 *
 * @param cleanStart an earlier session ends, and the device starts now instead of at its cursors
 * @param expirySeconds how long the session outlives its connection; 0: it ends with it
 */
public record SessionTerms(boolean cleanStart, long expirySeconds) {
    /** The longest that the server keeps a session, in seconds: 30 days. */
    public static final long MAX_EXPIRY_SECONDS = 30L * 24 * 60 * 60;

    /** Terms with the server's maximum applied. */
    public SessionTerms {
        expirySeconds = Math.min(expirySeconds, MAX_EXPIRY_SECONDS);
    }

    /** Whether the session ends with its connection. */
    public boolean isTransient() {
        return expirySeconds == 0;
    }
}
