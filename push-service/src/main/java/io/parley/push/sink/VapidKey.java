package io.parley.push.sink;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;

/** Makes keys to sign Web Push with, in the form in which {@code openssl genpkey} makes them. */
public final class VapidKey {
    /** PKCS #8 of a P-256 key up to the key, and from there to the public key. */
    private static final String BEGIN = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420";

    private static final String MIDDLE = "a144034200";
    private static final int KEY_BYTES = 32;

    private VapidKey() {}

    /** The content of a key file for {@code parley.push.web-push.vapid-key}. */
    public static String newFile() {
        KeyPair keys = newKeys();
        String key = ((ECPrivateKey) keys.getPrivate()).getS().toString(16);
        String der = BEGIN
                + "0".repeat(2 * KEY_BYTES - key.length())
                + key
                + MIDDLE
                + HexFormat.of().formatHex(Curve.pointOf((ECPublicKey) keys.getPublic()));
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(HexFormat.of().parseHex(der));
        return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java has P-256", e);
        }
    }
}
