package io.parley.protocol;

/** A payload is not what its topic asks for. The message says why, without quoting the payload. */
public final class MalformedPayload extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean tooLarge;

    /** @param reason one line, safe to show to the sender */
    public MalformedPayload(String reason) {
        this(reason, false);
    }

    private MalformedPayload(String reason, boolean tooLarge) {
        super(reason);
        this.tooLarge = tooLarge;
    }

    /** It would be accepted if it were smaller. */
    static MalformedPayload tooLarge(String reason) {
        return new MalformedPayload(reason, true);
    }

    /** Whether it would be accepted if it were smaller. */
    public boolean isTooLarge() {
        return tooLarge;
    }
}
