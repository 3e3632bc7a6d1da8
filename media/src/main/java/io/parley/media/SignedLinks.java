package io.parley.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Links that work without a token for some time. The signature covers the path and every parameter: a link to which something is added, or of which
 * something is changed or missing, is none.
 */
public final class SignedLinks {
    /** The parameter that says until when, in seconds since 1970. */
    public static final String EXPIRES = "expires";

    private static final String SIGNATURE = "signature";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final SecretKeySpec key;

    SignedLinks(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** Reads the key from a file; makes one if there is none. All processes that serve attachments need the same. */
    public static SignedLinks open(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
        if (key.length < KEY_BYTES) {
            throw new IOException("the key of links in " + file + " has less than " + KEY_BYTES
                    + " bytes: delete the file, and another is made");
        }
        return new SignedLinks(key);
    }

    private static void create(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path made = Files.createTempFile(
                folder,
                "link",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(made, Base64.getEncoder().encodeToString(key));
            // Fails if another process was faster: then its key holds.
            Files.createLink(file, made);
        } catch (FileAlreadyExistsException e) {
            // The other's.
        } catch (UnsupportedOperationException e) {
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    /**
     * The query of a link.
     *
     * @param path of the link
     * @param parameters that it is to have, beside those of the signature
     */
    public String sign(String path, Map<String, String> parameters, Instant expires) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.put(EXPIRES, Long.toString(expires.getEpochSecond()));
        return query(all) + "&" + SIGNATURE + "=" + signature(path, all);
    }

    /**
     * Whether a link was made here, and is still good.
     *
     * @param parameters all that it has, decoded, each once
     */
    public boolean isGood(String path, Map<String, String> parameters, Instant now) {
        Map<String, String> signed = new TreeMap<>(parameters);
        String signature = signed.remove(SIGNATURE);
        if (signature == null || !isBefore(now, signed.get(EXPIRES))) {
            return false;
        }
        return MessageDigest.isEqual(
                signature(path, signed).getBytes(StandardCharsets.US_ASCII),
                signature.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isBefore(Instant now, @Nullable String expires) {
        try {
            return expires != null && now.getEpochSecond() < Long.parseLong(expires);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Only names and numbers: nothing is to be escaped. */
    private static String query(Map<String, String> sorted) {
        return sorted.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining("&"));
    }

    private String signature(String path, Map<String, String> sorted) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            update(mac, path);
            sorted.forEach((name, value) -> {
                update(mac, name);
                update(mac, value);
            });
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is missing", e);
        }
    }

    /** With its length: no part can pass for two. */
    private static void update(Mac mac, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        mac.update(bytes);
    }
}
