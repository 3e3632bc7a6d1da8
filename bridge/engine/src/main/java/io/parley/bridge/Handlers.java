package io.parley.bridge;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which handler decides which kind of command. Features put their own handlers in; nothing else knows all kinds.
 *
 * @param <K> the kinds
 * @param <H> what decides
 */
public final class Handlers<K extends Enum<K>, H> {
    private final Map<K, H> handlers;

    /** @param kinds the enum of the kinds */
    public Handlers(Class<K> kinds) {
        this.handlers = new EnumMap<>(kinds);
    }

    /**
     * A kind has one handler.
     *
     * @throws IllegalStateException if it has one already
     */
    public Handlers<K, H> on(K kind, H handler) {
        if (handlers.putIfAbsent(kind, handler) != null) {
            throw new IllegalStateException("two features handle " + kind);
        }
        return this;
    }

    /** The handler of that kind, or null. */
    public @Nullable H get(K kind) {
        return handlers.get(kind);
    }

    /** The kinds that have a handler. */
    public Set<K> kinds() {
        return Set.copyOf(handlers.keySet());
    }
}
