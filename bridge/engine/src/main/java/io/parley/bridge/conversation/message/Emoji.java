package io.parley.bridge.conversation.message;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UProperty;

/**
 * What a reaction may be: one emoji, by the grammar of UTS #51 (ED-17) and Unicode's own properties. The grammar is preferred to the list of
 * recommended emojis, which grows each year: a phone may know a newer one than this library. Code points that Unicode reserves for emojis to
 * come have the property already.
 */
final class Emoji {
    private static final int VARIATION_SELECTOR = 0xFE0F;
    private static final int KEYCAP = 0x20E3;
    private static final int JOINER = 0x200D;
    private static final int BLACK_FLAG = 0x1F3F4;
    private static final int FIRST_TAG = 0xE0020;
    private static final int LAST_TAG = 0xE007E;
    private static final int END_OF_TAGS = 0xE007F;

    private final int[] points;
    private int at;

    private Emoji(String text) {
        points = text.codePoints().toArray();
    }

    /** Whether the text is one emoji: a pictograph, a flag, a keycap, or a sequence of them that is shown as one. */
    static boolean isOne(String text) {
        return new Emoji(text).isOne();
    }

    private boolean isOne() {
        boolean valid = element();
        while (valid && take(JOINER)) {
            valid = element();
        }
        return valid && at == points.length;
    }

    private boolean element() {
        if (at == points.length) {
            return false;
        }
        int base = points[at++];
        if (has(base, UProperty.REGIONAL_INDICATOR)) {
            // Two letters are a flag.
            return at < points.length && has(points[at++], UProperty.REGIONAL_INDICATOR);
        }
        if (has(base, UProperty.EMOJI_COMPONENT) && has(base, UProperty.EMOJI) && base < 0x80) {
            // A digit, # or *: with the keycap around it.
            boolean unused = take(VARIATION_SELECTOR);
            return take(KEYCAP);
        }
        if (!has(base, UProperty.EXTENDED_PICTOGRAPHIC) && !has(base, UProperty.EMOJI)) {
            return false;
        }
        if (base == BLACK_FLAG && at < points.length && isTag(points[at])) {
            return tags();
        }
        if (at < points.length && has(points[at], UProperty.EMOJI_MODIFIER)) {
            at++;
        } else {
            boolean unused = take(VARIATION_SELECTOR);
        }
        return true;
    }

    /** The letters of a subdivision, such as Scotland's. */
    private boolean tags() {
        while (at < points.length && isTag(points[at])) {
            at++;
        }
        return take(END_OF_TAGS);
    }

    private boolean take(int point) {
        if (at < points.length && points[at] == point) {
            at++;
            return true;
        }
        return false;
    }

    private static boolean isTag(int point) {
        return point >= FIRST_TAG && point <= LAST_TAG;
    }

    private static boolean has(int point, int property) {
        return UCharacter.hasBinaryProperty(point, property);
    }
}
