package io.parley.push.sink;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The service accounts of {@link FcmCounterpart}, and the access tokens that they were given. */
final class FcmAccounts {
    private static final int KEY_BITS = 2048;
    /** The SDK names Google's endpoint as the audience, whatever the file says. */
    private static final String GOOGLE = "https://oauth2.googleapis.com/token";

    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----\n";
    private static final String KEY_END = "\n-----END PRIVATE KEY-----\n";

    private final Map<String, Account> byEmail = new ConcurrentHashMap<>();
    private final Map<String, String> projectsByAccess = new ConcurrentHashMap<>();

    private record Account(String project, PublicKey key) {}

    /** A new account, as the JSON file that Google's console gives. It replaces the project's one before. */
    String file(String project, String tokenAddress) {
        KeyPair keys = newKeys();
        String email = "push@" + project + ".iam.gserviceaccount.com";
        byEmail.put(email, new Account(project, keys.getPublic()));
        JsonObject file = new JsonObject();
        file.addProperty("type", "service_account");
        file.addProperty("project_id", project);
        file.addProperty("private_key_id", UUID.randomUUID().toString());
        file.addProperty(
                "private_key",
                KEY_BEGIN
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getPrivate().getEncoded())
                        + KEY_END);
        file.addProperty("client_email", email);
        file.addProperty("client_id", "1");
        file.addProperty("token_uri", tokenAddress);
        return file.toString();
    }

    /**
     * An account that was made before, maybe by another process; its file, with the address of now.
     *
     * @throws IllegalArgumentException when it is no such file
     */
    String fileAgain(String file, String tokenAddress) {
        try {
            JsonObject json = JsonParser.parseString(file).getAsJsonObject();
            String key = json.get("private_key").getAsString().replaceAll("-----[A-Z ]+-----", "");
            RSAPrivateCrtKey keys = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key)));
            PublicKey signer = KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(keys.getModulus(), keys.getPublicExponent()));
            byEmail.put(
                    json.get("client_email").getAsString(),
                    new Account(json.get("project_id").getAsString(), signer));
            json.addProperty("token_uri", tokenAddress);
            return json.toString();
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("not the file of a service account with an RSA key", e);
        }
    }

    /** An access token for what an account signed; empty if it is not signed by an account that is known. */
    Optional<String> access(String assertion, String issuer, String tokenAddress) {
        return Optional.ofNullable(byEmail.get(issuer))
                .filter(account -> SignedToken.ofAccount(assertion, account.key())
                        .filter(claims -> Set.of(GOOGLE, tokenAddress)
                                .contains(claims.get("aud").getAsString()))
                        .isPresent())
                .map(account -> {
                    String access = "ya29." + UUID.randomUUID();
                    projectsByAccess.put(access, account.project());
                    return access;
                });
    }

    /** The project that an access token is for. */
    Optional<String> projectOf(String access) {
        return Optional.ofNullable(projectsByAccess.get(access));
    }

    /** No access token that was given is valid any more. */
    void revoke() {
        projectsByAccess.clear();
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java has RSA", e);
        }
    }
}
