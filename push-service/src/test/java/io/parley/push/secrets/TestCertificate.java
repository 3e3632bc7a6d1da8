package io.parley.push.secrets;

import io.parley.runtime.SelfSignedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * A self-signed certificate.
 *
 * @param keyStore a PKCS #12 file
 * @param passwordFile a file with its password
 * @param pem the certificate alone
 */
public record TestCertificate(Path keyStore, Path passwordFile, Path pem) {
    private static final String ALIAS = "parley";

    public static TestCertificate make(Path folder, String name, String distinguishedName) throws Exception {
        Path keyStore = folder.resolve(name + ".p12");
        Path passwordFile = Files.writeString(folder.resolve(name + ".password"), "secret of " + name + "\n");
        SelfSignedCertificate.make(keyStore, "secret of " + name, ALIAS, distinguishedName);
        TestCertificate made = new TestCertificate(keyStore, passwordFile, folder.resolve(name + ".pem"));
        Files.writeString(made.pem(), pem("CERTIFICATE", made.certificate().getEncoded()));
        return made;
    }

    public static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    public X509Certificate certificate() throws IOException, GeneralSecurityException {
        return (X509Certificate) open().getCertificate(ALIAS);
    }

    public PrivateKey key() throws IOException, GeneralSecurityException {
        return (PrivateKey) open().getKey(ALIAS, password().toCharArray());
    }

    private String password() throws IOException {
        return Files.readString(passwordFile).strip();
    }

    private KeyStore open() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            store.load(in, password().toCharArray());
        }
        return store;
    }
}
