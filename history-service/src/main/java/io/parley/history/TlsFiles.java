package io.parley.history;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate of the HTTPS listener: read from its files, and again when they have changed, which is looked at when connections are opened. */
final class TlsFiles implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    /** The store is in memory only. */
    private static final String PASSWORD = "in-memory";

    private final WebSettings.Tls files;
    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private final AtomicLong lookedNanos = new AtomicLong(System.nanoTime());
    private FileTime read;

    /** @throws IllegalArgumentException if the files hold no certificate and key */
    TlsFiles(WebSettings.Tls files) {
        this.files = files;
        try {
            this.read = changed();
            set(factory);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("the HTTPS certificate or key cannot be read: " + e.getMessage(), e);
        }
    }

    /** What Jetty makes its connections with. */
    SslContextFactory.Server factory() {
        return factory;
    }

    @Override
    public void onOpened(Connection connection) {
        long last = lookedNanos.get();
        long now = System.nanoTime();
        if (now - last > files.look().toNanos() && lookedNanos.compareAndSet(last, now)) {
            readAgain();
        }
    }

    /** New connections see what the files hold now. Files that cannot be used change nothing. */
    synchronized void readAgain() {
        try {
            FileTime now = changed();
            if (!now.equals(read)) {
                read = now;
                factory.reload(one -> {
                    try {
                        set((SslContextFactory.Server) one);
                    } catch (IOException | GeneralSecurityException e) {
                        throw new IllegalStateException(e);
                    }
                });
                LOG.info("the HTTPS certificate was read again file={}", files.certificate());
            }
        } catch (Exception e) {
            LOG.warn("the HTTPS certificate cannot be read again, the one before stays: {}", e.toString());
        }
    }

    private FileTime changed() throws IOException {
        FileTime certificate = Files.getLastModifiedTime(files.certificate());
        FileTime key = Files.getLastModifiedTime(files.key());
        return certificate.compareTo(key) > 0 ? certificate : key;
    }

    private void set(SslContextFactory.Server into) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        byte[] pem = Files.readAllBytes(files.certificate());
        Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem))
                .toArray(Certificate[]::new);
        store.setKeyEntry("server", key(files.key()), PASSWORD.toCharArray(), chain);
        into.setKeyStore(store);
        into.setKeyStorePassword(PASSWORD);
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec encoded;
        try {
            encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
        } catch (IllegalArgumentException e) {
            throw new InvalidKeySpecException("the key is no PEM of PKCS #8", e);
        }
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException another) {
                LOG.trace("the key is not of algorithm={}", algorithm);
            }
        }
        throw new InvalidKeySpecException("the key is neither of " + ALGORITHMS + ", or no PKCS #8");
    }
}
