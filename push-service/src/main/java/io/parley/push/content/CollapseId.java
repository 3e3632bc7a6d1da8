package io.parley.push.content;

import io.parley.protocol.push.Notification;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Under which id notifications replace each other: those of one conversation, and digests. 32 characters of URL-safe base64, because that is what the narrowest
 * platform takes (<a href="https://www.rfc-editor.org/rfc/rfc8030#section-5.4">the topic of Web Push</a>; APNs takes 64 bytes). It is always a hash: ids of
 * conversations may be longer.
 */
public final class CollapseId {
    private static final String DIGEST = "digest";
    private static final String BADGE = "badge";
    /** 32 characters of base64. */
    private static final int BYTES = 24;

    private CollapseId() {}

    /** The id of a notification, the same for all of one conversation. */
    public static String of(Notification notification) {
        return switch (notification.getKindCase()) {
            case DIGEST -> hash(DIGEST);
            case BADGE_CHANGED -> hash(BADGE);
            default -> hash("conversation " + notification.getConversation());
        };
    }

    private static String hash(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
