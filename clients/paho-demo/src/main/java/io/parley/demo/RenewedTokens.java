package io.parley.demo;

import io.parley.protocol.UserId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** A token for each user, signed anew when the last quarter of its life begins. Thread-safe. */
final class RenewedTokens implements Function<UserId, String> {
    private record Signed(String token, long atNanos) {}

    private final Function<UserId, String> signer;
    private final long usedNanos;
    private final LongSupplier nanoClock;
    private final Map<UserId, Signed> tokens = new ConcurrentHashMap<>();

    RenewedTokens(Function<UserId, String> signer, Duration lifetime, LongSupplier nanoClock) {
        this.signer = signer;
        this.usedNanos = lifetime.toNanos() / 4 * 3;
        this.nanoClock = nanoClock;
    }

    @Override
    public String apply(UserId user) {
        long nowNanos = nanoClock.getAsLong();
        return tokens.compute(
                        user,
                        (key, last) -> last != null && nowNanos - last.atNanos() < usedNanos
                                ? last
                                : new Signed(signer.apply(user), nowNanos))
                .token();
    }
}
