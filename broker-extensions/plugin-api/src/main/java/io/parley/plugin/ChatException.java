package io.parley.plugin;

/** Why the platform did not do what a {@link ChatClient} asked for. */
public final class ChatException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    /** The status of HTTP; 0 when there was no answer. */
    private final int status;

    /** @param status of HTTP; 0 when there was no answer */
    public ChatException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Whether the same call may succeed later. */
    public boolean isRepeatable() {
        return status == 0 || status == TOO_MANY_REQUESTS || status >= SERVER_ERROR;
    }

    /** The status of HTTP; 0 when there was no answer. */
    public int status() {
        return status;
    }
}
