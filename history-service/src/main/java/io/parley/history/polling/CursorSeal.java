package io.parley.history.polling;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes and reads cursors. A cursor says of some conversations up to which seq its device has everything, and is good at every process that has the same key, also
 * after this one has died. It is authenticated for its device: who could write one could claim, and acknowledge to others, what was never sent.
 */
public final class CursorSeal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte VERSION = 1;
    private static final int MAC_BYTES = 16;
    private static final int MAX_LENGTH = 16_384;

    private final SecretKeySpec key;

    /** @param secret shared by all processes that are to read each other's cursors */
    public CursorSeal(String secret) {
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** The cursor of a device that has everything up to these seqs. */
    public String write(DeviceId device, Map<ConversationId, Integer> reached) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(VERSION);
        reached.forEach((conversation, seq) -> {
            byte[] id = conversation.value().getBytes(StandardCharsets.US_ASCII);
            bytes.write(id.length);
            bytes.writeBytes(id);
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(seq).array());
        });
        bytes.writeBytes(mac(device, bytes.toByteArray()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /** What the cursor says; empty if it is none of this device. */
    public Optional<Map<ConversationId, Integer>> read(DeviceId device, String cursor) {
        if (cursor.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length <= MAC_BYTES) {
            return Optional.empty();
        }
        byte[] said = Arrays.copyOf(bytes, bytes.length - MAC_BYTES);
        byte[] mac = Arrays.copyOfRange(bytes, said.length, bytes.length);
        return MessageDigest.isEqual(mac, mac(device, said)) && said[0] == VERSION
                ? Optional.of(parse(said))
                : Optional.empty();
    }

    private static Map<ConversationId, Integer> parse(byte[] said) {
        Map<ConversationId, Integer> reached = new LinkedHashMap<>();
        ByteBuffer left = ByteBuffer.wrap(said, 1, said.length - 1);
        try {
            while (left.hasRemaining()) {
                byte[] id = new byte[Byte.toUnsignedInt(left.get())];
                left.get(id);
                reached.put(ConversationId.parse(new String(id, StandardCharsets.US_ASCII)), left.getInt());
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalStateException("a cursor of ours cannot be read", e);
        }
        return reached;
    }

    private byte[] mac(DeviceId device, byte[] said) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            // A device's name has no byte of zero: where it ends is plain.
            mac.update(device.toString().getBytes(StandardCharsets.US_ASCII));
            mac.update((byte) 0);
            return Arrays.copyOf(mac.doFinal(said), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
