package io.parley.standalone;

/** The platform cannot do what was asked. The message is for the person at the terminal: what is wrong and what to do. */
public final class PlatformException extends Exception {
    private static final long serialVersionUID = 1L;

    public PlatformException(String message) {
        super(message);
    }
}
