package io.parley.push.sink;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a browser's service wants of a request: the headers of <a href="https://www.rfc-editor.org/rfc/rfc8030">RFC 8030</a>, and a signature of RFC 8292. */
final class WebPushRequest {
    private static final Pattern AUTHORIZATION = Pattern.compile("vapid t=([^,\\s]+),\\s*k=([A-Za-z0-9_-]+)");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{0,32}");
    private static final Pattern URGENCY = Pattern.compile("very-low|low|normal|high");
    private static final Pattern TTL = Pattern.compile("[0-9]{1,9}");
    private static final long LONGEST_SECONDS = Duration.ofHours(24).toSeconds();

    private final String origin;
    private final Clock clock;

    /** Why a request is not accepted. */
    record Problem(int status, String text) {}

    WebPushRequest(String origin, Clock clock) {
        this.origin = origin;
        this.clock = clock;
    }

    Optional<Problem> problemOf(HttpExchange exchange) {
        if (!exchange.getRequestMethod().equals("POST")) {
            return problem(405, "not a POST");
        }
        if (!TTL.matcher(LocalServer.header(exchange, "TTL")).matches()) {
            return problem(400, "no TTL");
        }
        if (!LocalServer.header(exchange, "Content-Encoding").equals("aes128gcm")) {
            return problem(400, "not encrypted with aes128gcm");
        }
        if (!TOPIC.matcher(LocalServer.header(exchange, "Topic")).matches()) {
            return problem(400, "the topic has other or more than 32 characters of URL-safe base64");
        }
        if (!URGENCY.matcher(LocalServer.header(exchange, "Urgency")).matches()) {
            return problem(400, "no urgency of RFC 8030");
        }
        return signatureProblem(LocalServer.header(exchange, "Authorization"));
    }

    /** The public key of a request without a problem. */
    static String signerOf(HttpExchange exchange) {
        Matcher parts = AUTHORIZATION.matcher(LocalServer.header(exchange, "Authorization"));
        return parts.matches() ? parts.group(2) : "";
    }

    private Optional<Problem> signatureProblem(String authorization) {
        Matcher parts = AUTHORIZATION.matcher(authorization);
        if (!parts.matches()) {
            return problem(401, "no VAPID signature");
        }
        Optional<JsonObject> claims = claims(parts.group(1), parts.group(2));
        if (claims.isEmpty()) {
            return problem(403, "the VAPID signature is not valid");
        }
        if (!claims.get().has("aud") || !origin.equals(claims.get().get("aud").getAsString())) {
            return problem(403, "the VAPID signature is for another origin");
        }
        long now = clock.instant().getEpochSecond();
        long expires = claims.get().has("exp") ? claims.get().get("exp").getAsLong() : 0;
        if (expires < now || expires > now + LONGEST_SECONDS) {
            return problem(403, "the VAPID signature is too old, or valid for more than 24 hours");
        }
        return claims.get().has("sub") ? Optional.empty() : problem(403, "the VAPID signature names no subject");
    }

    private static Optional<JsonObject> claims(String token, String key) {
        try {
            return SignedToken.ofServer(
                    token, Curve.keyOf(Base64.getUrlDecoder().decode(key)));
        } catch (GeneralSecurityException | IllegalArgumentException notAKey) {
            return Optional.empty();
        }
    }

    private static Optional<Problem> problem(int status, String text) {
        return Optional.of(new Problem(status, text));
    }
}
