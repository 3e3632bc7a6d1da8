package io.parley.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;

/**
 * The key pair of the standalone mode (RS256), kept in a directory that only its owner can read: {@value #PRIVATE_FILE} with the
 * private key, {@value #PUBLIC_FILE} with the set that servers verify against. For development, tests and demos.
 */
public final class DevKeys {
    public static final String PRIVATE_FILE = "signing-key.json";
    public static final String PUBLIC_FILE = "jwks.json";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int KEY_BITS = 2048;

    private final Path directory;
    private final RSAKey key;
    private final String issuer;
    private final String audience;

    private DevKeys(Path directory, RSAKey key, String issuer, String audience) {
        this.directory = directory;
        this.key = key;
        this.issuer = issuer;
        this.audience = audience;
    }

    /**
     * Loads the key pair in {@code directory}, or makes both when there is none; a public file without this key is written anew. Several
     * processes may do so at once: they get the same pair.
     *
     * @throws IOException when the directory cannot be written or holds something else
     */
    public static DevKeys openOrCreate(Path directory, String issuer, String audience) throws IOException {
        Path privateFile = directory.resolve(PRIVATE_FILE);
        if (Files.notExists(privateFile)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            writeFirst(privateFile, newKey().toJSONString());
        }
        RSAKey key = read(privateFile);
        Path publicFile = directory.resolve(PUBLIC_FILE);
        if (!holds(publicFile, key)) {
            write(publicFile, new JWKSet(key.toPublicJWK()).toString());
        }
        return new DevKeys(directory, key, issuer, audience);
    }

    /** The file with the public keys, for {@link TokenVerifier#of}. */
    public Path jwks() {
        return directory.resolve(PUBLIC_FILE);
    }

    /** Whether the JWK set in {@code file} has this key; false when there is no such file. */
    public boolean areIn(Path file) throws IOException {
        return holds(file, key);
    }

    /** A token of {@code user}, valid from now for {@code lifetime}; a negative one makes a token that has expired. */
    public String sign(UserId user, Duration lifetime) {
        return sign(user, lifetime, TopicClaims.NONE);
    }

    /** The same, with rights beside the chat. */
    public String sign(UserId user, Duration lifetime, TopicClaims topics) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject(user.value())
                .issuer(issuer)
                .audience(audience)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)));
        if (!topics.equals(TopicClaims.NONE)) {
            claims.claim(TopicClaims.PUBLISH, topics.publish()).claim(TopicClaims.SUBSCRIBE, topics.subscribe());
        }
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build();
        SignedJWT token = new SignedJWT(header, claims.build());
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("the signing key does not sign", e);
        }
        return token.serialize();
    }

    private static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(KEY_BITS)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("this JVM makes no RSA keys", e);
        }
    }

    private static RSAKey read(Path file) throws IOException {
        try {
            return RSAKey.parse(Files.readString(file));
        } catch (ParseException e) {
            throw new IOException(file + " holds no RSA key as JWK: remove it to have a new one made", e);
        }
    }

    private static boolean holds(Path publicFile, RSAKey key) throws IOException {
        try {
            return key.toPublicJWK()
                    .equals(JWKSet.parse(Files.readString(publicFile)).getKeyByKeyId(key.getKeyID()));
        } catch (NoSuchFileException | ParseException e) {
            return false;
        }
    }

    private static void write(Path file, String content) throws IOException {
        Files.move(fresh(file, content), file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes {@code file} unless it is there by now. A link, unlike a move, never takes the place of another process's file. */
    private static void writeFirst(Path file, String content) throws IOException {
        Path fresh = fresh(file, content);
        try {
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster: it is its key that counts.
        } finally {
            Files.delete(fresh);
        }
    }

    private static Path fresh(Path file, String content) throws IOException {
        Path fresh = Files.createTempFile(
                file.toAbsolutePath().getParent(), ".new", ".json", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        return Files.writeString(fresh, content);
    }
}
