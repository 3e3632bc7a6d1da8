package io.parley.history;

import io.javalin.http.Context;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Verification;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who asks: the user of the token, as long as the user does not ask too often. */
final class Askers {
    private static final String SCHEME = "bearer ";

    /** The device that is said to ask where a call names none. */
    static final String NO_DEVICE = "http";

    private final TokenVerifier tokens;
    private final RequestLimit limit;

    Askers(TokenVerifier tokens, RequestLimit limit) {
        this.tokens = tokens;
        this.limit = limit;
    }

    /** The user. @throws Refusal 401 without a valid token, 429 for one call too many, 503 before it is known which tokens were revoked */
    UserId user(Context context) {
        return verified(context).user();
    }

    /** The user and until when the token holds, likewise. */
    Verification.Verified verified(Context context) {
        return verified(context.header("Authorization"));
    }

    /** The same, of the header. */
    Verification.Verified verified(@Nullable String header) {
        if (header != null && header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            Verification verification =
                    tokens.verify(header.substring(SCHEME.length()).strip());
            if (verification instanceof Verification.Verified verified) {
                limit.take(verified.user());
                return verified;
            }
            if (verification.equals(new Verification.Refused(Verification.Reason.REVOCATIONS_UNKNOWN))) {
                throw Refusal.noLog("which tokens were revoked is not known yet, try again");
            }
        }
        throw Refusal.noToken();
    }

    /** The device that {@code ?device=} names. @throws Refusal 400 if it is no name of a device */
    static DeviceId device(Context context, UserId user) {
        String name = context.queryParam("device");
        return device(user, name == null ? NO_DEVICE : name);
    }

    static DeviceId device(UserId user, String name) {
        try {
            return new DeviceId(user, name);
        } catch (IllegalArgumentException e) {
            throw Refusal.bad("device is 1-64 of [a-z0-9_.-]");
        }
    }
}
