package io.parley.push.webpush;

import com.interaso.webpush.VapidKeys;
import com.interaso.webpush.WebPush;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Encrypts for browsers, and signs for their services. A signature costs as much as the rest of a message: each origin's token is used for an hour. */
final class VapidSigner {
    private static final int VALID_SECONDS = 12 * 60 * 60;
    private static final long USED_MILLIS = 60 * 60 * 1000L;
    private static final int MOST_ORIGINS = 256;

    private final WebPush webPush;
    private final Map<String, Token> tokens = new LinkedHashMap<>(MOST_ORIGINS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Token> eldest) {
            return size() > MOST_ORIGINS;
        }
    };

    private record Token(String text, long untilMillis) {}

    VapidSigner(String subject, VapidKeys keys) {
        this.webPush = new WebPush(subject, keys);
    }

    /** What browsers are to subscribe with, as {@code applicationServerKey}. */
    String publicKey() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(webPush.getVapidKeys().getApplicationServerKey());
    }

    /** The message that only the browser with these keys can read. */
    byte[] encrypted(byte[] message, byte[] p256dh, byte[] auth) {
        return webPush.getBody(message, p256dh, auth);
    }

    /** The headers of a request to an origin, its signature included. */
    Map<String, String> headers(String origin, int ttlSeconds, String topic, WebPush.Urgency urgency, long nowMillis) {
        return webPush.getHeadersWithToken(tokenFor(origin, nowMillis), ttlSeconds, topic, urgency);
    }

    private synchronized String tokenFor(String origin, long nowMillis) {
        Token token = tokens.get(origin);
        if (token == null || token.untilMillis() <= nowMillis) {
            token = new Token(webPush.getToken(origin, VALID_SECONDS), nowMillis + USED_MILLIS);
            tokens.put(origin, token);
        }
        return token.text();
    }
}
