package io.parley.plugins.acting;

import io.parley.identity.DevKeys;
import io.parley.protocol.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tokens that a platform with keys of its own signs. */
public final class SignedTokens implements BotTokens {
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final Duration USED = Duration.ofMinutes(50);

    private final DevKeys keys;
    private final Map<UserId, Token> tokens = new ConcurrentHashMap<>();

    private record Token(String text, Instant usedUntil) {}

    public SignedTokens(DevKeys keys) {
        this.keys = keys;
    }

    @Override
    public String of(UserId bot) {
        Instant now = Instant.now();
        return tokens.compute(
                        bot,
                        (user, before) -> before != null && now.isBefore(before.usedUntil())
                                ? before
                                : new Token(keys.sign(user, LIFETIME), now.plus(USED)))
                .text();
    }
}
