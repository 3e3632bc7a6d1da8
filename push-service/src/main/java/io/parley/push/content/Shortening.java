package io.parley.push.content;

import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Texts that are too long for a provider. What a reader sees as one character is never cut. */
public final class Shortening {
    private static final String MORE = "…";

    private Shortening() {}

    /** The text, or so much of its beginning that it has at most so many UTF-16 units, with an ellipsis. */
    public static String toLength(String text, int maxUnits) {
        return text.length() <= maxUnits ? text : beginning(text, maxUnits - MORE.length());
    }

    /**
     * What is made with the text, or with so much of its beginning that it fits.
     *
     * @param make makes a payload of a text; a longer text makes a longer payload
     * @return the longest that has at most {@code maxBytes} in UTF-8; what is made of no text at all may have more
     */
    public static String toFit(String text, int maxBytes, UnaryOperator<String> make) {
        String whole = make.apply(text);
        if (bytes(whole) <= maxBytes) {
            return whole;
        }
        String best = make.apply("");
        int fits = 0;
        int tooLong = text.length();
        while (fits + 1 < tooLong) {
            int middle = (fits + tooLong) >>> 1;
            String made = make.apply(beginning(text, middle));
            if (bytes(made) <= maxBytes) {
                fits = middle;
                best = made;
            } else {
                tooLong = middle;
            }
        }
        return best;
    }

    private static String beginning(String text, int maxUnits) {
        BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(text);
        int end = characters.isBoundary(maxUnits) ? maxUnits : characters.preceding(maxUnits);
        return text.substring(0, end).stripTrailing() + MORE;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
