package io.parley.history.media;

import io.parley.protocol.UserId;
import org.jspecify.annotations.Nullable;

/** Tells who asks. */
public interface Askers {
    /**
     * The user who asks.
     *
     * @param authorization the header
     * @throws HttpRefusal if there is no valid token, or the user asks too often
     */
    UserId of(@Nullable String authorization);
}
