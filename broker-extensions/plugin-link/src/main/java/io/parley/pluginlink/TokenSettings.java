package io.parley.pluginlink;

import io.parley.identity.Tokens;
import io.parley.runtime.Settings;
import java.time.Duration;

/**
 * What {@code parley.plugins.tokens} says.
 *
 * @param all whether plugins are asked about every token
 * @param memory of their answers
 * @param atOnce questions under way
 * @param waitingBytes of tokens that wait for their turn
 */
record TokenSettings(boolean all, Tokens.Memory memory, int atOnce, long waitingBytes) {
    private static final String ASKED = "parley.plugins.tokens.asked";
    private static final String LIFE = "parley.plugins.tokens.remembered-for";
    private static final Duration LONGEST_LIFE = Duration.ofDays(1);

    static TokenSettings from(Settings settings) {
        Duration life = settings.duration(LIFE);
        if (life.isNegative() || life.compareTo(LONGEST_LIFE) > 0) {
            throw settings.bad(LIFE, "must be 0s to 1d");
        }
        return new TokenSettings(
                switch (settings.text(ASKED)) {
                    case "others" -> false;
                    case "all" -> true;
                    default -> throw settings.bad(ASKED, "must be others or all");
                },
                new Tokens.Memory(life, settings.integer("parley.plugins.tokens.remembered", 1, 10_000_000)),
                settings.integer("parley.plugins.tokens.at-once", 1, 1000),
                settings.bytes("parley.plugins.tokens.waiting-bytes"));
    }
}
