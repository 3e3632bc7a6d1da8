package io.parley.protocol;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What a reaction may be: one character as people count them, which a phone shows as a picture. Which pictures there are, time tells. */
public final class Emoji {
    /** The most bytes of one, in UTF-8. */
    public static final int MAX_BYTES = 32;

    private static final Pattern ONE_CHARACTER = Pattern.compile("\\X");

    private Emoji() {}

    /** Whether the text is a single visible character of at most {@value #MAX_BYTES} bytes. */
    public static boolean isValid(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_BYTES
                && text.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
                && isVisible(text.codePointAt(0))
                && ONE_CHARACTER.matcher(text).matches();
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK -> false;
            default -> true;
        };
    }
}
