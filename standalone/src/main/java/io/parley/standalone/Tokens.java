package io.parley.standalone;

import io.parley.identity.DevKeys;
import io.parley.runtime.JwtSettings;
import io.parley.runtime.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whose tokens a platform believes: those of its own key pair, unless the user's settings name other keys. */
public final class Tokens {
    private static final String JWKS = "PARLEY_JWKS";
    private static final String ISSUER = "PARLEY_JWT_ISSUER";
    private static final String AUDIENCE = "PARLEY_JWT_AUDIENCE";

    private Tokens() {}

    /**
     * The key pair that signs tokens for the platform on {@code data}: for the one that runs, else for the one that would start now.
     *
     * @throws PlatformException when its tokens come from elsewhere
     */
    public static DevKeys keys(Path data) throws IOException, PlatformException {
        Optional<RunningPlatform> running = RunningPlatform.on(data);
        return keys(data, running.isPresent() ? told(running.get().environment()) : believed(Settings.load(), data));
    }

    static DevKeys keys(Path data, JwtSettings believed) throws IOException, PlatformException {
        DevKeys keys = DevKeys.openOrCreate(folder(data), believed.issuer(), believed.audience());
        if (!keys.areIn(Path.of(believed.jwks()))) {
            throw new PlatformException("tokens come from elsewhere: they are checked with " + believed.jwks() + " ("
                    + JWKS + " or parley.jwt.jwks), where the key in " + folder(data) + " is not");
        }
        return keys;
    }

    /** What the settings say; without a key set in them that of {@code data}. */
    static JwtSettings believed(Settings settings, Path data) {
        return new JwtSettings(
                settings.optionalText("parley.jwt.jwks")
                        .orElseGet(
                                () -> folder(data).resolve(DevKeys.PUBLIC_FILE).toString()),
                settings.text("parley.jwt.issuer"),
                settings.text("parley.jwt.audience"));
    }

    /** The environment that says {@code believed}. */
    static Map<String, String> environment(JwtSettings believed) {
        return new TreeMap<>(Map.of(JWKS, believed.jwks(), ISSUER, believed.issuer(), AUDIENCE, believed.audience()));
    }

    private static JwtSettings told(Map<String, String> environment) {
        return new JwtSettings(
                environment.getOrDefault(JWKS, ""),
                environment.getOrDefault(ISSUER, ""),
                environment.getOrDefault(AUDIENCE, ""));
    }

    /** Where the platform's own key pair is. */
    static Path folder(Path data) {
        return data.resolve("identity");
    }
}
