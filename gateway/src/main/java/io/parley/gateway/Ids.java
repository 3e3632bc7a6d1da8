package io.parley.gateway;

import io.parley.protocol.ConversationId;
import java.security.SecureRandom;
import java.util.Locale;

/** Ids made by the server: 26 characters, the first ten of which grow with time (ULID). */
public final class Ids {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** A new message id. */
    public static String message() {
        char[] id = new char[26];
        long time = System.currentTimeMillis();
        for (int i = 9; i >= 0; i--) {
            id[i] = ALPHABET.charAt((int) (time & 31));
            time >>>= 5;
        }
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        for (int i = 0; i < 16; i++) {
            id[10 + i] = ALPHABET.charAt(random[i] & 31);
        }
        return new String(id);
    }

    /** A new group's id. */
    public static ConversationId group() {
        return ConversationId.parse("g" + message().toLowerCase(Locale.ROOT));
    }
}
