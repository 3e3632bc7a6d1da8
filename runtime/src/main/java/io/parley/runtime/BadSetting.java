package io.parley.runtime;

/** A setting is missing or not usable. The message names its key, where the value came from and what was expected. */
public final class BadSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadSetting(String message) {
        super(message);
    }
}
