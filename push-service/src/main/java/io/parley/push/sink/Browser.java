package io.parley.push.sink;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Decrypts as a browser does: <a href="https://www.rfc-editor.org/rfc/rfc8291">RFC 8291</a> over <a href="https://www.rfc-editor.org/rfc/rfc8188">aes128gcm</a>. */
final class Browser {
    private static final int SALT_BYTES = 16;
    private static final int TAG_BITS = 128;
    private static final int SECRET_BYTES = 16;
    private static final byte LAST_RECORD = 2;

    private final byte[] publicPoint;
    private final ECPrivateKey privateKey;
    private final byte[] auth;

    Browser(byte[] publicPoint, ECPrivateKey privateKey, byte[] auth) {
        this.publicPoint = publicPoint.clone();
        this.privateKey = privateKey;
        this.auth = auth.clone();
    }

    /** One with new keys. */
    static Browser create() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            return new Browser(Curve.pointOf((ECPublicKey) keys.getPublic()), (ECPrivateKey) keys.getPrivate(), secret);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java has P-256", e);
        }
    }

    /** One that {@link #text} told. @throws IllegalArgumentException when the text is none */
    static Browser of(String text) {
        try {
            byte[][] parts = Arrays.stream(text.split(" ", -1))
                    .map(Base64.getDecoder()::decode)
                    .toArray(byte[][]::new);
            ECPrivateKey key =
                    (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(parts[1]));
            return new Browser(parts[0], key, parts[2]);
        } catch (GeneralSecurityException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a browser's keys", e);
        }
    }

    /** Its keys on one line. */
    String text() {
        return Stream.of(publicPoint, privateKey.getEncoded(), auth)
                .map(Base64.getEncoder()::encodeToString)
                .collect(Collectors.joining(" "));
    }

    Subscription subscription(String endpoint) {
        return new Subscription(endpoint, ByteString.copyFrom(publicPoint), ByteString.copyFrom(auth));
    }

    /** What was encrypted for it; empty if that was not done for it, or not right. */
    Optional<byte[]> decrypt(byte[] message) {
        try {
            ByteBuffer header = ByteBuffer.wrap(message);
            byte[] salt = bytes(header, SALT_BYTES);
            int recordBytes = header.getInt();
            byte[] sender = bytes(header, Byte.toUnsignedInt(header.get()));
            byte[] record = bytes(header, header.remaining());
            return record.length > recordBytes ? Optional.empty() : Optional.of(open(record, salt, sender));
        } catch (GeneralSecurityException | RuntimeException notForIt) {
            return Optional.empty();
        }
    }

    private byte[] open(byte[] record, byte[] salt, byte[] sender) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(privateKey);
        agreement.doPhase(Curve.keyOf(sender), true);
        byte[] keys = concat("WebPush: info\0".getBytes(StandardCharsets.US_ASCII), publicPoint, sender);
        byte[] secret = derive(auth, agreement.generateSecret(), keys, 32);
        byte[] key = derive(salt, secret, "Content-Encoding: aes128gcm\0".getBytes(StandardCharsets.US_ASCII), 16);
        byte[] nonce = derive(salt, secret, "Content-Encoding: nonce\0".getBytes(StandardCharsets.US_ASCII), 12);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return withoutPadding(cipher.doFinal(record));
    }

    private static byte[] withoutPadding(byte[] padded) {
        int end = padded.length - 1;
        while (end >= 0 && padded[end] == 0) {
            end--;
        }
        if (end < 0 || padded[end] != LAST_RECORD) {
            throw new IllegalArgumentException("not the last record");
        }
        return Arrays.copyOf(padded, end);
    }

    /** HKDF with SHA-256; one block is enough. */
    private static byte[] derive(byte[] salt, byte[] secret, byte[] info, int length) throws GeneralSecurityException {
        byte[] block = hmac(hmac(salt, secret), concat(info, new byte[] {1}));
        return Arrays.copyOf(block, length);
    }

    private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }

    private static byte[] bytes(ByteBuffer from, int count) {
        byte[] bytes = new byte[count];
        from.get(bytes);
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
