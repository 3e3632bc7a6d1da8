package io.parley.runtime;

import java.time.Duration;

/**
 * Whose tokens are believed.
 *
 * @param jwks the public keys: a file's path, or an {@code http(s)://} URL
 * @param issuer the {@code iss} a token must have
 * @param audience what a token's {@code aud} must contain
 */
public record JwtSettings(String jwks, String issuer, String audience) {
    private static final String LONGEST_LIFE = "parley.jwt.longest-life";
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(366);

    /** Reads {@code parley.jwt}. */
    public static JwtSettings from(Settings settings) {
        return new JwtSettings(
                settings.text("parley.jwt.jwks"),
                settings.text("parley.jwt.issuer"),
                settings.text("parley.jwt.audience"));
    }

    /** How long a token is good, from when it was issued, whatever it says itself. */
    public static Duration longestLife(Settings settings) {
        Duration life = settings.duration(LONGEST_LIFE);
        if (life.compareTo(LEAST) < 0 || life.compareTo(MOST) > 0) {
            throw settings.bad(LONGEST_LIFE, "must be from 1m to 366d");
        }
        return life;
    }
}
