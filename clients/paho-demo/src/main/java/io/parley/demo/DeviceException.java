package io.parley.demo;

/** The platform refused something, or could not be reached in time; the message says which and what. */
public final class DeviceException extends Exception {
    private static final long serialVersionUID = 1;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
