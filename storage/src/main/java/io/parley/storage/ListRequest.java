package io.parley.storage;

import io.parley.protocol.ConversationId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Which part of a user's conversations is asked for. They are listed by id, ascending.
 *
 * @param after only those with a greater id; empty: from the first on
 * @param limit conversations at most, 1 to {@value #MAX_LIMIT}
 */
public record ListRequest(String after, int limit) {
    public static final int DEFAULT_LIMIT = 100;
    public static final int MAX_LIMIT = 200;

    /** A page that has more is not continued. */
    static final int MAX_BYTES = 1024 * 1024;

    /** The first page. */
    public static final ListRequest FIRST = new ListRequest("", DEFAULT_LIMIT);

    /** Brings the limit into its bounds; 0 or less means {@value #DEFAULT_LIMIT}. */
    public ListRequest {
        limit = limit <= 0 ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT);
    }

    /**
     * The page after the one that said {@code next}.
     *
     * @throws IllegalArgumentException if no page said that
     */
    public static ListRequest after(String next, int limit) {
        String id = new String(Base64.getUrlDecoder().decode(next), StandardCharsets.UTF_8);
        return new ListRequest(ConversationId.parse(id).value(), limit);
    }

    /** What the page that ends with that conversation says of the next one. */
    public static String next(String last) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(last.getBytes(StandardCharsets.UTF_8));
    }
}
