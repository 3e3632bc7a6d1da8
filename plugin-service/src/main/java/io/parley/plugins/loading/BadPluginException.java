package io.parley.plugins.loading;

import org.jspecify.annotations.Nullable;

/** A jar is no plugin; the message says why. */
public final class BadPluginException extends Exception {
    private static final long serialVersionUID = 1L;

    BadPluginException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
