package io.parley.client;

/** The platform refused something, or gave no answer in time; the message says which and what. */
public class ParleyException extends Exception {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String error;

    /** There was no answer. It may or may not have happened. */
    public ParleyException(String message) {
        this(message, 0);
    }

    public ParleyException(String message, Throwable cause) {
        super(message, cause);
        this.code = 0;
        this.error = "";
    }

    /** @param code see {@link #code} */
    public ParleyException(String message, int code) {
        super(message);
        this.code = code;
        this.error = "";
    }

    /** @param error see {@link #error} */
    public ParleyException(String message, String error) {
        super(message);
        this.code = 0;
        this.error = error;
    }

    /** The MQTT reason code (from 0x80 on) or HTTP status (from 400 on) with which the platform refused it; 0 if there is none. */
    public final int code() {
        return code;
    }

    /** The code of a reply's error, such as {@code NOT_A_MEMBER}; empty if there is none. */
    public final String error() {
        return error;
    }
}
