package io.parley.demo;

import io.parley.client.Disconnection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the status line says about the connection. Thread-safe. */
final class ConnectionLine {
    private final LongSupplier nanoClock;
    private @Nullable Disconnection last;
    private long nextNanos;

    ConnectionLine(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    synchronized void connected() {
        last = null;
    }

    synchronized void disconnected(Disconnection disconnection) {
        last = disconnection;
        nextNanos = nanoClock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(disconnection.againMillis());
    }

    /** Why there is none; empty while online. */
    synchronized Optional<String> reason() {
        return Optional.ofNullable(last).map(Disconnection::reason);
    }

    /** What is to be said about it; empty while online. */
    synchronized String describe() {
        Disconnection now = last;
        if (now == null) {
            return "";
        }
        return switch (now.kind()) {
            case LOST -> "offline (" + now.reason() + "), next try in " + secondsLeft() + " s";
            case REPLACED -> "offline: this device is connected elsewhere; /quit here, or use another --device";
            case REFUSED -> "offline: refused (" + now.reason() + "); /quit, and come with another token";
        };
    }

    private long secondsLeft() {
        return Math.max(0, TimeUnit.NANOSECONDS.toSeconds(nextNanos - nanoClock.getAsLong() + 999_999_999));
    }
}
