package io.parley.demo;

/** The platform refused something, or could not be reached in time; the message says which and what. */
public final class DeviceException extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;

    public DeviceException(String message) {
        this(message, 0);
    }

    /** The platform refused something with a reason code of MQTT or a status of HTTP. */
    public DeviceException(String message, int code) {
        super(message);
        this.code = code;
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
        this.code = 0;
    }

    /** The MQTT reason code (from 0x80 on) or HTTP status (from 400 on) with which the platform refused it; 0 when it did not answer. */
    public int code() {
        return code;
    }
}
