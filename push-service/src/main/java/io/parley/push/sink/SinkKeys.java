package io.parley.push.sink;

import com.eatthepath.pushy.apns.auth.ApnsVerificationKey;
import io.parley.runtime.SelfSignedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;

/**
 * The files that counterparts and push service have to share, made at the first start and kept: {@code apns.p8} and {@code apns-certificate.pem}, {@code fcm.json},
 * {@code vapid.pem}; and for the counterparts alone the certificate's key and the browsers. The folder is its owner's only.
 */
final class SinkKeys {
    /** As the push service names the key: {@code parley.push.apns.apps.main.key-id} and {@code team-id}. */
    static final String APNS_KEY_ID = "PARLEYSINK";

    static final String APNS_TEAM_ID = "PARLEYTEAM";

    private static final String FCM_PROJECT = "parley-sink";
    private static final int POINT_BYTES = 65;
    private static final String ALIAS = "parley";
    /** Who may read the file needs no password. */
    private static final String STORE_PASSWORD = "push-sink";

    private final Path folder;

    private SinkKeys(Path folder) {
        this.folder = folder;
    }

    static SinkKeys in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        return new SinkKeys(folder);
    }

    /** Apple's counterpart, by the key and the certificate that the push service is given. */
    ApnsIdentity apns() throws IOException {
        Path store = folder.resolve("apns-certificate.p12");
        if (Files.notExists(store)) {
            makeCertificate(store);
        }
        try {
            KeyStore opened = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                opened.load(in, STORE_PASSWORD.toCharArray());
            }
            X509Certificate certificate = (X509Certificate) opened.getCertificate(ALIAS);
            write("apns-certificate.pem", pem(certificate.getEncoded()));
            return new ApnsIdentity(
                    certificate, (PrivateKey) opened.getKey(ALIAS, STORE_PASSWORD.toCharArray()), apnsSigner());
        } catch (GeneralSecurityException e) {
            throw new IOException(store + " cannot be used: remove it, and a new one is made", e);
        }
    }

    private ApnsVerificationKey apnsSigner() throws IOException, GeneralSecurityException {
        Path file = folder.resolve("apns.p8");
        if (Files.notExists(file)) {
            // Apple's keys are of the same kind, and in the same form.
            write("apns.p8", VapidKey.newFile());
        }
        byte[] der = Base64.getMimeDecoder().decode(Files.readString(file).replaceAll("-----[A-Z ]+-----", ""));
        byte[] point = Arrays.copyOfRange(der, Math.max(0, der.length - POINT_BYTES), der.length);
        return new ApnsVerificationKey(APNS_KEY_ID, APNS_TEAM_ID, Curve.keyOf(point));
    }

    /** Makes the service account that {@code fcm} believes, or has it believe the one that was made before. */
    void account(FcmCounterpart fcm) throws IOException {
        Path file = folder.resolve("fcm.json");
        write(
                "fcm.json",
                Files.exists(file) ? fcm.serviceAccountAgain(Files.readString(file)) : fcm.serviceAccount(FCM_PROJECT));
    }

    /** Makes the key that the push service signs Web Push with. */
    void vapid() throws IOException {
        if (Files.notExists(folder.resolve("vapid.pem"))) {
            write("vapid.pem", VapidKey.newFile());
        }
    }

    /** Who subscribed. */
    Browsers browsers() throws IOException {
        return Browsers.in(folder.resolve("browsers"));
    }

    private void makeCertificate(Path store) throws IOException {
        Path fresh = store.resolveSibling("apns-certificate.new");
        Files.deleteIfExists(fresh);
        SelfSignedCertificate.make(fresh, STORE_PASSWORD, ALIAS, "CN=localhost");
        Files.move(fresh, store, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The push service may read it at any moment: it sees the old file or the new one, whole. */
    private void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        if (Files.exists(file) && Files.readString(file).equals(content)) {
            return;
        }
        Path fresh = folder.resolve(name + ".new");
        Files.writeString(fresh, content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(byte[] certificate) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
                + "\n-----END CERTIFICATE-----\n";
    }
}
