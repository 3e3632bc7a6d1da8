package io.parley.protocol;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a conversation offers below {@code chat/{conversation}/}. */
public enum Feed {
    MSG,
    RECEIPT,
    TYPING,
    PRESENCE;

    /** The topic level. */
    public String level() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The feed of a topic level, or null if there is none of that name. */
    public static @Nullable Feed ofLevel(String level) {
        return switch (level) {
            case "msg" -> MSG;
            case "receipt" -> RECEIPT;
            case "typing" -> TYPING;
            case "presence" -> PRESENCE;
            default -> null;
        };
    }
}
