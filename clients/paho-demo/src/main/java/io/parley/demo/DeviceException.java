package io.parley.demo;

import io.parley.client.ParleyException;

/** The platform refused something, or could not be reached in time; the message says which and what. */
public final class DeviceException extends ParleyException {
    private static final long serialVersionUID = 2;

    public DeviceException(String message) {
        super(message);
    }

    /** The platform refused something with a reason code of MQTT or a status of HTTP. */
    public DeviceException(String message, int code) {
        super(message, code);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
