package io.parley.push.message;

import java.nio.charset.StandardCharsets;

/** The size of a text where a platform limits bytes. */
public final class Utf8 {
    private static final String ELLIPSIS = "…";
    private static final int ELLIPSIS_BYTES = 3;

    private Utf8() {}

    /** How many bytes a text has. */
    public static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * A text of at most so many bytes. A longer one is cut between two characters, and ends with an ellipsis.
     *
     * @param bytes the limit; less than 3 leaves nothing of a longer text
     */
    public static String within(String text, int bytes) {
        if (size(text) <= bytes) {
            return text;
        }
        if (bytes < ELLIPSIS_BYTES) {
            return "";
        }
        int left = bytes - ELLIPSIS_BYTES;
        int end = 0;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            left -= bytesOf(character);
            if (left < 0) {
                break;
            }
            end += Character.charCount(character);
        }
        return text.substring(0, end) + ELLIPSIS;
    }

    private static int bytesOf(int character) {
        if (character < 0x80 || Character.getType(character) == Character.SURROGATE) {
            // Half a pair is encoded as one question mark.
            return 1;
        }
        return character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }
}
