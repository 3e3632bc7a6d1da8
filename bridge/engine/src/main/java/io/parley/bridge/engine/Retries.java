package io.parley.bridge.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which steps that time brings failed, and when each is tried again: after a second, then twice as long each time, ten minutes at most. Not
 * kept: a task that starts over tries all of them at once.
 *
 * @param <K> what is tried
 */
final class Retries<K> {
    static final long FIRST_MILLIS = 1_000;
    static final long MAX_MILLIS = 600_000;

    private record Wait(long millis, long dueMillis) {}

    private final Map<K, Wait> waits = new HashMap<>();

    /** Whether the step failed, and it is too early to try it again. */
    boolean isWaiting(K step, long nowMillis) {
        Wait wait = waits.get(step);
        return wait != null && wait.dueMillis() > nowMillis;
    }

    void failed(K step, long nowMillis) {
        Wait before = waits.get(step);
        long millis = before == null ? FIRST_MILLIS : Math.min(MAX_MILLIS, 2 * before.millis());
        // Whoever asks for steps by itself may not ask for one of them again.
        waits.values().removeIf(wait -> nowMillis - wait.dueMillis() > MAX_MILLIS);
        waits.put(step, new Wait(millis, nowMillis + millis));
    }

    void succeeded(K step) {
        waits.remove(step);
    }

    /** The steps that failed and are to be tried again now. */
    List<K> due(long nowMillis) {
        return waits.entrySet().stream()
                .filter(entry -> entry.getValue().dueMillis() <= nowMillis)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How many steps failed. */
    int size() {
        return waits.size();
    }
}
