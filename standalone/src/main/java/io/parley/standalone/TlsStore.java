package io.parley.standalone;

import io.parley.runtime.SelfSignedCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The self-signed certificate for {@code localhost} that the standalone platform's TLS listener shows, made at
 * the first start.
 *
 * @param keyStore a PKCS #12 file
 * @param password of the store and its key
 */
record TlsStore(Path keyStore, String password) {
    private static final String OWNER_ONLY_FOLDER = "rwx------";

    static TlsStore openOrCreate(Path data) throws IOException {
        Path folder = data.resolve("tls");
        Path keyStore = folder.resolve("keystore.p12");
        Path passwordFile = folder.resolve("password");
        if (Files.notExists(keyStore) || Files.notExists(passwordFile)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(OWNER_ONLY_FOLDER));
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            Files.writeString(passwordFile, HexFormat.of().formatHex(random));
            create(keyStore, passwordFile);
        }
        return new TlsStore(keyStore, Files.readString(passwordFile).strip());
    }

    private static void create(Path keyStore, Path passwordFile) throws IOException {
        Path fresh = keyStore.resolveSibling("keystore.new");
        Files.deleteIfExists(fresh);
        SelfSignedCertificate.make(fresh, Files.readString(passwordFile).strip(), "parley", "CN=localhost");
        Files.move(fresh, keyStore, StandardCopyOption.ATOMIC_MOVE);
    }
}
