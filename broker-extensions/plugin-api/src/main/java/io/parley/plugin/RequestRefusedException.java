package io.parley.plugin;

/** A request is refused; its sender is told so. */
public final class RequestRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param reason shown to the user, one line of at most 200 characters */
    public RequestRefusedException(String reason) {
        super(reason);
    }
}
