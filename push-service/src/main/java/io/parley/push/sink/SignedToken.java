package io.parley.push.sink;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Optional;

/** Verifies a JSON Web Token, with the algorithm that the counterpart expects and no other. */
final class SignedToken {
    private SignedToken() {}

    /** The claims of a token by a service account (RS256). */
    static Optional<JsonObject> ofAccount(String token, PublicKey key) {
        return claims(token, key, "RS256", "SHA256withRSA");
    }

    /** The claims of a token by a server that sends Web Push (ES256). */
    static Optional<JsonObject> ofServer(String token, PublicKey key) {
        return claims(token, key, "ES256", "SHA256withECDSAinP1363Format");
    }

    private static Optional<JsonObject> claims(String token, PublicKey key, String algorithm, String signing) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            Signature signature = Signature.getInstance(signing);
            signature.initVerify(key);
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            boolean valid = signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                    && algorithm.equals(json(parts[0]).get("alg").getAsString());
            return valid ? Optional.of(json(parts[1])) : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException | JsonParseException notSigned) {
            return Optional.empty();
        }
    }

    private static JsonObject json(String part) {
        return JsonParser.parseString(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8))
                .getAsJsonObject();
    }
}
