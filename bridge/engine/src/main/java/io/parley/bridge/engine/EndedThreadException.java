package io.parley.bridge.engine;

/** A command ended the thread that processed it before, and is not tried again. */
final class EndedThreadException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EndedThreadException() {
        super("the command ended a thread before");
    }
}
