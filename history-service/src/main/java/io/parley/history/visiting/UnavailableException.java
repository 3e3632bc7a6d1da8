package io.parley.history.visiting;

/** The log does not take now what was asked for or sent. It may have happened all the same. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnavailableException(String reason) {
        super(reason, null, false, false);
    }
}
