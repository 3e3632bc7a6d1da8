package io.parley.protocol;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * In JSON {@code edited} is {@code true} on a message of history and an object in an event of its own; a schema has room for one, and calls the
 * mark {@code wasEdited}. A quote within a JSON text is escaped, so neither form can be part of what somebody wrote.
 */
final class EditedMark {
    private static final String OURS = "\"wasEdited\":true";
    private static final String WIRE = "\"edited\":true";
    private static final Pattern WIRE_SPACED = Pattern.compile("\"edited\"\\s*:\\s*true");

    private EditedMark() {}

    /** @param json without blanks between its parts */
    static String toWire(String json) {
        return json.replace(OURS, WIRE);
    }

    static String fromWire(String json) {
        return json.contains("\"edited\"")
                ? WIRE_SPACED.matcher(json).replaceAll(Matcher.quoteReplacement(OURS))
                : json;
    }
}
