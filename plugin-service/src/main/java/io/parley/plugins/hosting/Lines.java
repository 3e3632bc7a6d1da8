package io.parley.plugins.hosting;

import org.jspecify.annotations.Nullable;

/** What plugins say to users: it goes into a reason string of MQTT, which is one short line. */
public final class Lines {
    private static final int LONGEST = 200;

    private Lines() {}

    /** The text as one line of at most 200 characters; if nothing is left of it, the other one. */
    public static String shown(@Nullable String said, String otherwise) {
        String text = said == null ? "" : said.replaceAll("\\p{Cntrl}", " ").strip();
        if (text.isEmpty()) {
            return otherwise;
        }
        return text.codePointCount(0, text.length()) <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST));
    }
}
