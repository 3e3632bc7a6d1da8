package io.parley.protocol;

import java.util.Locale;

/**
 * How long a text may be. It counts Unicode code points, so that a limit is the same in every language: an emoji beyond the basic plane is
 * one code point, although Java, JavaScript and JSON escapes count two units.
 *
 * @param field the name of the field, for the refusal
 * @param codePoints the most that it has
 */
public record TextLimit(String field, int codePoints) {
    /** {@code requestId} of a request. */
    public static final TextLimit REQUEST_ID = new TextLimit("requestId", 64);
    /** {@code name} of a group. */
    public static final TextLimit GROUP_NAME = new TextLimit("name", 200);
    /** {@code description} of a group. */
    public static final TextLimit DESCRIPTION = new TextLimit("description", 2_000);
    /** {@code contentType} of a message. */
    public static final TextLimit CONTENT_TYPE = new TextLimit("contentType", 127);

    /** {@code name} of a property. */
    public static final TextLimit PROPERTY_NAME = new TextLimit("name of a property", 127);
    /** {@code value} of a property. */
    public static final TextLimit PROPERTY_VALUE = new TextLimit("value of a property", 1_024);

    /** Whether the text is short enough. */
    public boolean allows(String text) {
        // A code point has one or two units: most texts need no counting.
        return text.length() <= codePoints
                || (text.length() <= 2L * codePoints && text.codePointCount(0, text.length()) <= codePoints);
    }

    /** One line for the sender of a text that is too long: the field, the limit, and what to do. */
    public String exceeded() {
        return String.format(
                Locale.ROOT,
                "%s has more than %,d characters (Unicode code points): send a shorter one",
                field,
                codePoints);
    }
}
