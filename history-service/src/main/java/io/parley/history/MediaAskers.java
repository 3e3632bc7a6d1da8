package io.parley.history;

import io.parley.history.media.HttpRefusal;
import io.parley.protocol.UserId;
import jakarta.servlet.http.HttpServletRequest;

/** Who asks for attachments: by the same tokens, and within the same number of requests, as everything else here. */
record MediaAskers(Askers askers) implements io.parley.history.media.Askers {
    @Override
    public UserId of(HttpServletRequest request) {
        try {
            return askers.verified(request).user();
        } catch (Refusal e) {
            throw new HttpRefusal(e.status(), e.code(), e.reason(), e.retryAfterSeconds());
        }
    }
}
