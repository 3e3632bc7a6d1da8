package io.parley.history;

import io.javalin.http.Context;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Verification;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import jakarta.servlet.http.HttpServletRequest;

/** Who asks: the user of the token, as long as the user does not ask too often. */
final class Askers {
    /** The device that is said to ask where a call names none. */
    static final String NO_DEVICE = "http";

    private final TokenVerifier own;
    private final RequestLimit limit;

    /** @param own checks tokens about which nobody was asked ({@link AskedTokens}) */
    Askers(TokenVerifier own, RequestLimit limit) {
        this.own = own;
        this.limit = limit;
    }

    /** The user. @throws Refusal 401 without a valid token, 429 for one call too many, 503 while it is not known whether the token is good */
    UserId user(Context context) {
        return verified(context).user();
    }

    /** The user and until when the token holds, likewise. */
    Verification.Verified verified(Context context) {
        return verified(context.req());
    }

    /** The same, of a request. */
    Verification.Verified verified(HttpServletRequest request) {
        Verification verification = request.getAttribute(AskedTokens.ANSWER) instanceof Verification answer
                ? answer
                : AskedTokens.token(request.getHeader("Authorization"))
                        .map(own::verify)
                        .orElseThrow(Refusal::noToken);
        if (verification instanceof Verification.Refused refused) {
            throw refusal(refused);
        }
        Verification.Verified verified = (Verification.Verified) verification;
        limit.take(verified.user());
        return verified;
    }

    private static Refusal refusal(Verification.Refused refused) {
        if (refused.reason().isForNow()) {
            return Refusal.noLog("the token cannot be checked now, try again later");
        }
        return refused.told().isEmpty() ? Refusal.noToken() : Refusal.noToken(refused.told());
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
