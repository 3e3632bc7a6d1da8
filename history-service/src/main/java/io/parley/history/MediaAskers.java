package io.parley.history;

import io.parley.history.media.HttpRefusal;
import io.parley.protocol.UserId;
import org.jspecify.annotations.Nullable;

/** Who asks for attachments: by the same tokens, and within the same number of requests, as everything else here. */
record MediaAskers(Askers askers) implements io.parley.history.media.Askers {
    @Override
    public UserId of(@Nullable String authorization) {
        try {
            return askers.verified(authorization).user();
        } catch (Refusal e) {
            throw new HttpRefusal(e.status(), e.code(), e.reason(), e.retryAfterSeconds());
        }
    }
}
