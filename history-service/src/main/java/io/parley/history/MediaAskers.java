package io.parley.history;

import io.parley.history.media.Askers;
import io.parley.history.media.HttpRefusal;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Verification;
import io.parley.protocol.UserId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who asks for attachments: by the same tokens, and within the same number of requests, as everything else here.
 *
 * @param limit shared with the other addresses
 */
record MediaAskers(TokenVerifier tokens, RequestLimit limit) implements Askers {
    private static final String SCHEME = "bearer ";

    @Override
    public UserId of(@Nullable String authorization) {
        try {
            return verified(authorization);
        } catch (Refusal e) {
            throw new HttpRefusal(e.status(), e.code(), e.reason(), e.retryAfterSeconds());
        }
    }

    private UserId verified(@Nullable String authorization) {
        if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            Verification verification =
                    tokens.verify(authorization.substring(SCHEME.length()).strip());
            if (verification instanceof Verification.Verified verified) {
                limit.take(verified.user());
                return verified.user();
            }
        }
        throw Refusal.noToken();
    }
}
