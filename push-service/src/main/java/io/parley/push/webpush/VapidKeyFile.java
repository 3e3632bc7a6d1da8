package io.parley.push.webpush;

import com.interaso.webpush.VapidKeys;
import io.parley.push.secrets.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The key that this service signs with (<a href="https://www.rfc-editor.org/rfc/rfc8292">VAPID</a>), from a file as {@code openssl genpkey} makes it. */
final class VapidKeyFile {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    /** An uncompressed point of P-256. */
    private static final int POINT_BYTES = 65;

    private static final int UNCOMPRESSED = 4;

    private VapidKeyFile() {}

    /**
     * Reads it.
     *
     * @throws IOException when it is no such key; the message has nothing of what is in it
     */
    static VapidKeys read(SecretFile file) throws IOException {
        Matcher pem = PEM.matcher(new String(file.read(), StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw notAKey();
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
            return keys(der);
        } catch (RuntimeException e) {
            throw notAKey();
        } catch (Exception e) {
            // Kotlin throws the checked exceptions of security without declaring them.
            throw notAKey();
        }
    }

    private static VapidKeys keys(byte[] der) throws IOException {
        // The public key is the last field of what openssl writes. The JDK does not read it, and cannot compute it;
        // that both belong together is checked.
        byte[] point = der.length < POINT_BYTES ? der : Arrays.copyOfRange(der, der.length - POINT_BYTES, der.length);
        if (point.length != POINT_BYTES || point[0] != UNCOMPRESSED) {
            throw notAKey();
        }
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return VapidKeys.create(base64.encodeToString(P256.x509(point)), base64.encodeToString(der));
    }

    private static IOException notAKey() {
        return new IOException(
                "not a P-256 key in PEM with its public key, as made by: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1");
    }
}
