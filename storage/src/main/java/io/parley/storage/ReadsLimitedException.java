package io.parley.storage;

/**
 * A user has more reads waiting than may wait, or a read has waited too long. The same read may be asked for again later. Nothing is broken where it is
 * thrown, so it has no stack trace.
 */
public final class ReadsLimitedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReadsLimitedException(String message) {
        super(message, null, false, false);
    }
}
