package io.parley.operator;

/** What was asked for could not be done; the message says why, in words for an operator. */
final class AdminException extends Exception {
    private static final long serialVersionUID = 1L;

    AdminException(String message) {
        super(message);
    }
}
