package io.parley.push.apns;

import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import io.parley.push.secrets.SecretFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;

/** The files of one app's proof, read anew when they change. */
final class ApnsCredentials {
    private final ApnsApp app;
    private final SecretFile main;
    private final List<SecretFile> password;

    /** Puts what was read into a client to be. */
    @FunctionalInterface
    interface Use {
        void on(ApnsClientBuilder client) throws IOException;
    }

    ApnsCredentials(ApnsApp app) {
        this.app = app;
        if (app.proof() instanceof ApnsApp.Certificate certificate) {
            main = new SecretFile(certificate.file());
            password = certificate.passwordFile().map(SecretFile::new).stream().toList();
        } else if (app.proof() instanceof ApnsApp.Key key) {
            main = new SecretFile(key.file());
            password = List.of();
        } else {
            throw new AssertionError(app.proof());
        }
    }

    boolean haveChanged() {
        return Stream.concat(Stream.of(main), password.stream()).anyMatch(SecretFile::hasChanged);
    }

    /**
     * Reads the files.
     *
     * @throws IOException when they cannot be read, or hold something else; the message names the file and nothing of what is in it
     */
    Use read() throws IOException {
        byte[] bytes = main.read();
        if (app.proof() instanceof ApnsApp.Key key) {
            ApnsSigningKey signing = signingKey(bytes, key);
            return client -> client.setSigningKey(signing);
        }
        StringBuilder secret = new StringBuilder();
        for (SecretFile file : password) {
            secret.append(new String(file.read(), StandardCharsets.UTF_8).strip());
        }
        String word = secret.toString();
        Use use = client -> client.setClientCredentials(new ByteArrayInputStream(bytes), word);
        try {
            use.on(new ApnsClientBuilder());
        } catch (IOException e) {
            throw new IOException(main + " is no PKCS #12 file with a certificate, or has another password");
        }
        return use;
    }

    private ApnsSigningKey signingKey(byte[] bytes, ApnsApp.Key key) throws IOException {
        try {
            return ApnsSigningKey.loadFromInputStream(new ByteArrayInputStream(bytes), key.team(), key.id());
        } catch (IOException
                | InvalidKeyException
                | NoSuchAlgorithmException
                | IllegalArgumentException
                | ClassCastException e) {
            throw new IOException(main + " is no key as Apple gives them out (PKCS #8, PEM, elliptic curve)");
        }
    }
}
