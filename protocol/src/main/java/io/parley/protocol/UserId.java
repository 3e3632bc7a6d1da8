package io.parley.protocol;

/**
 * A user's name: 1–64 of {@code [a-z0-9_.-]}, the {@code sub} of their token.
 *
 * @param value the name
 */
public record UserId(String value) implements Comparable<UserId> {
    private static final int MAX_LENGTH = 64;

    /** @throws IllegalArgumentException if the value is outside the grammar */
    public UserId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("a user id is 1-64 of [a-z0-9_.-]");
        }
    }

    /**
     * Reads a user id.
     *
     * @throws IllegalArgumentException if the value is outside the grammar
     */
    public static UserId parse(String value) {
        return new UserId(value);
    }

    /** Whether the value is a user id. */
    public static boolean isValid(String value) {
        return !value.isEmpty() && value.length() <= MAX_LENGTH && value.chars().allMatch(UserId::mayHave);
    }

    private static boolean mayHave(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= '0' && character <= '9')
                || character == '_'
                || character == '.'
                || character == '-';
    }

    @Override
    public int compareTo(UserId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
