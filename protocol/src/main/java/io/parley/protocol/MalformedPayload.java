package io.parley.protocol;

/** A payload is not what its topic asks for. The message says why, without quoting the payload. */
public final class MalformedPayload extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param reason one line, safe to show to the sender */
    public MalformedPayload(String reason) {
        super(reason);
    }
}
