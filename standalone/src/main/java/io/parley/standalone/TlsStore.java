package io.parley.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The self-signed certificate for {@code localhost} that the standalone platform's TLS listener shows, made with the JDK's keytool at
 * the first start.
 *
 * @param keyStore a PKCS #12 file
 * @param password of the store and its key
 */
record TlsStore(Path keyStore, String password) {
    private static final String OWNER_ONLY_FOLDER = "rwx------";

    static TlsStore openOrCreate(Path data) throws IOException, PlatformException {
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

    private static void create(Path keyStore, Path passwordFile) throws IOException, PlatformException {
        Path fresh = keyStore.resolveSibling("keystore.new");
        Files.deleteIfExists(fresh);
        ProcessBuilder keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "parley",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                fresh.toString(),
                "-storepass:file",
                passwordFile.toString());
        Process process = keytool.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new PlatformException("keytool made no TLS certificate: " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PlatformException("interrupted while making the TLS certificate");
        }
        Files.move(fresh, keyStore, StandardCopyOption.ATOMIC_MOVE);
    }
}
