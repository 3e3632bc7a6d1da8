package io.parley.examples.tokenlist;

import io.parley.plugin.Plugin;
import io.parley.plugin.PluginContext;
import io.parley.plugin.TokenVerdict;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Lets users in by tokens that are listed in its settings, {@code token-list.properties}, such as those of machines. A token is any text; the file has its SHA-256
 * only. For each token there is a name of its own, here {@code meter}:
 *
 * <ul>
 *   <li>{@code meter.sha256}: the token's hash, in hex ({@code printf %s "$TOKEN" | sha256sum})
 *   <li>{@code meter.user}: whose it is
 *   <li>{@code meter.issued} and {@code meter.expires}: from when to when it is good, such as {@code 2026-11-01T00:00:00Z}
 *   <li>{@code meter.publish} and {@code meter.subscribe}: ordinary topics, comma-separated; none without them
 *   <li>{@code meter.refused}: refuses the token, with this reason
 * </ul>
 */
public final class TokenList implements Plugin {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final String HASH = ".sha256";

    @Override
    public void start(PluginContext context) {
        Map<String, TokenVerdict> known = new HashMap<>();
        context.settings().forEach((name, value) -> {
            if (name.endsWith(HASH)) {
                String token = name.substring(0, name.length() - HASH.length());
                known.put(value.strip().toLowerCase(java.util.Locale.ROOT), verdict(token, context.settings()));
            }
        });
        context.authenticate(
                token -> CompletableFuture.completedFuture(known.getOrDefault(hash(token), TokenVerdict.unknown())),
                DEADLINE);
    }

    private static TokenVerdict verdict(String token, Map<String, String> settings) {
        String refused = settings.get(token + ".refused");
        if (refused != null) {
            return TokenVerdict.refuse(refused);
        }
        return TokenVerdict.accept(
                        needed(token + ".user", settings),
                        Instant.parse(needed(token + ".issued", settings)),
                        Instant.parse(needed(token + ".expires", settings)))
                .withTopics(list(settings.get(token + ".publish")), list(settings.get(token + ".subscribe")));
    }

    private static String needed(String name, Map<String, String> settings) {
        String value = settings.getOrDefault(name, "").strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException("set " + name + " in token-list.properties");
        }
        return value;
    }

    private static List<String> list(String value) {
        return value == null || value.isBlank()
                ? List.of()
                : List.of(value.strip().split("\\s*,\\s*"));
    }

    private static String hash(String token) throws GeneralSecurityException {
        byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
