package io.parley.storage;

/**
 * The stored history is too far behind the log to decide from it who may read: a removal may not be written yet. Trying again later helps. Nothing is
 * broken where it is thrown, so it has no stack trace.
 */
public final class HistoryBehindException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HistoryBehindException(String message) {
        super(message, null, false, false);
    }
}
