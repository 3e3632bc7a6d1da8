package io.parley.protocol;

import java.util.regex.Pattern;

/**
 * A conversation: {@code alice~bob} (sorted) between two users, or a group's server-made id.
 *
 * @param value the id as it stands in topics and records
 */
public record ConversationId(String value) {
    private static final Pattern GROUP = Pattern.compile("g[0-9a-z]{10,40}");

    /** @throws IllegalArgumentException if the value is neither a direct conversation nor a group id */
    public ConversationId {
        if (!isDirect(value) && !GROUP.matcher(value).matches()) {
            throw new IllegalArgumentException("not a conversation id");
        }
    }

    /**
     * Reads a conversation id.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ConversationId parse(String value) {
        return new ConversationId(value);
    }

    /**
     * The conversation of two users, whichever comes first.
     *
     * @throws IllegalArgumentException if both are the same user
     */
    public static ConversationId direct(UserId one, UserId other) {
        return new ConversationId(one.compareTo(other) < 0 ? one + "~" + other : other + "~" + one);
    }

    /** Whether this is a conversation of two, whose members its name tells. */
    public boolean isDirect() {
        return value.indexOf('~') > 0;
    }

    /** Whether the user is one of the two of a direct conversation; false for every group. */
    public boolean isDirectMember(UserId user) {
        int tilde = value.indexOf('~');
        return tilde > 0
                && (value.substring(0, tilde).equals(user.value())
                        || value.substring(tilde + 1).equals(user.value()));
    }

    /**
     * The lesser of the two members of a direct conversation.
     *
     * @throws IllegalStateException for a group
     */
    public UserId first() {
        return UserId.parse(value.substring(0, tilde()));
    }

    /**
     * The greater of the two members of a direct conversation.
     *
     * @throws IllegalStateException for a group
     */
    public UserId second() {
        return UserId.parse(value.substring(tilde() + 1));
    }

    private int tilde() {
        int tilde = value.indexOf('~');
        if (tilde < 0) {
            throw new IllegalStateException("a group has no two members");
        }
        return tilde;
    }

    private static boolean isDirect(String value) {
        int tilde = value.indexOf('~');
        if (tilde <= 0) {
            return false;
        }
        String first = value.substring(0, tilde);
        String second = value.substring(tilde + 1);
        return UserId.isValid(first) && UserId.isValid(second) && first.compareTo(second) < 0;
    }

    @Override
    public String toString() {
        return value;
    }
}
