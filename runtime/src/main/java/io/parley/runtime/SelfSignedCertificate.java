package io.parley.runtime;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A key pair for this machine with a certificate that it signed itself. The JDK's keytool makes it: its libraries have no call for that. */
public final class SelfSignedCertificate {
    private static final String PASSWORD_VARIABLE = "PARLEY_STORE_PASSWORD";

    private SelfSignedCertificate() {}

    /**
     * Makes one for {@code localhost}, good for ten years, and returns when the file is there.
     *
     * @param keyStore a PKCS #12 file that does not exist yet
     * @param password of the file and of the key in it, six characters or more
     * @param alias of the entry
     * @param distinguishedName of its subject, such as {@code CN=localhost}
     * @throws IOException when keytool made none, or the thread was interrupted
     */
    public static void make(Path keyStore, String password, String alias, String distinguishedName) throws IOException {
        ProcessBuilder keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                distinguishedName,
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                // Not as an argument: other users of the machine see those.
                "-storepass:env",
                PASSWORD_VARIABLE);
        keytool.environment().put(PASSWORD_VARIABLE, password);
        Process process = keytool.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("keytool made no certificate: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while keytool made a certificate");
        }
    }
}
