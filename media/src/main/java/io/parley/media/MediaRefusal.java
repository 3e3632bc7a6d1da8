package io.parley.media;

import io.parley.protocol.wire.ErrorCode;

/** An upload or a request for an attachment is refused. It has no stack trace, since nothing is broken. */
public final class MediaRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String FULL = "the server has no room for attachments now: try again later";

    private final ErrorCode code;

    /**
     * A refusal.
     *
     * @param code its kind
     * @param message what was wrong and what to do; may be shown to the user
     */
    public MediaRefusal(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static MediaRefusal missing() {
        return new MediaRefusal(ErrorCode.NOT_FOUND, "there is no such upload or attachment");
    }

    static MediaRefusal tooLarge(long most) {
        return new MediaRefusal(
                ErrorCode.TOO_LARGE, "an attachment has " + most + " bytes at most: send a smaller file");
    }

    static MediaRefusal full() {
        return new MediaRefusal(ErrorCode.UNAVAILABLE, FULL);
    }

    /** Whether the store has no room. */
    public boolean isFull() {
        return FULL.equals(getMessage());
    }

    /** Its kind. */
    public ErrorCode code() {
        return code;
    }

    /** What may be shown to the user. */
    public String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
