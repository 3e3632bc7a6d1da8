package io.parley.history.media;

import io.parley.protocol.UserId;
import jakarta.servlet.http.HttpServletRequest;

/** Tells who asks. */
public interface Askers {
    /**
     * The user who asks.
     *
     * @throws HttpRefusal if there is no valid token, or the user asks too often
     */
    UserId of(HttpServletRequest request);
}
