package io.parley.push.sink;

import com.google.gson.JsonObject;
import com.google.protobuf.ByteString;
import java.util.Base64;

/**
 * A browser's subscription, as a page gives it to its server.
 *
 * @param endpoint where to send
 * @param p256dh the browser's public key, an uncompressed point
 * @param auth the browser's secret
 */
public record Subscription(String endpoint, ByteString p256dh, ByteString auth) {

    /** For {@code registerPush}: both keys in URL-safe base64. */
    public String toJson() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        JsonObject json = new JsonObject();
        json.addProperty("endpoint", endpoint);
        json.addProperty("p256dh", base64.encodeToString(p256dh.toByteArray()));
        json.addProperty("auth", base64.encodeToString(auth.toByteArray()));
        return json.toString();
    }
}
