package io.parley.history.visiting;

import io.parley.protocol.wire.Error;

/** What was sent is refused for good. It has no stack trace: nothing is broken. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Error error;

    RefusedException(Error error) {
        super(error.getMessage(), null, false, false);
        this.error = error;
    }

    /** The error as MQTT tells it. */
    public Error error() {
        return error;
    }
}
