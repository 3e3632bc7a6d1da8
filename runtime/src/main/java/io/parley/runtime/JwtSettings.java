package io.parley.runtime;

/**
 * Whose tokens are believed.
 *
 * @param jwks the public keys: a file's path, or an {@code http(s)://} URL
 * @param issuer the {@code iss} a token must have
 * @param audience what a token's {@code aud} must contain
 */
public record JwtSettings(String jwks, String issuer, String audience) {

    /** Reads {@code parley.jwt}. */
    public static JwtSettings from(Settings settings) {
        return new JwtSettings(
                settings.text("parley.jwt.jwks"),
                settings.text("parley.jwt.issuer"),
                settings.text("parley.jwt.audience"));
    }
}
