package io.parley.bridge.engine;

import io.parley.protocol.ConversationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * When conversations have waited long enough, counted from when this engine first saw them wait: what waited while no engine ran is not late. Not
 * kept.
 */
final class Deadlines {
    private final long waitMillis;
    private final Map<ConversationId, Long> since = new HashMap<>();

    Deadlines(Duration wait) {
        this.waitMillis = wait.toMillis();
    }

    /**
     * Those that have waited long enough; told again each time while they wait.
     *
     * @param waiting all that wait now
     */
    List<ConversationId> over(List<ConversationId> waiting, long nowMillis) {
        since.keySet().retainAll(new HashSet<>(waiting));
        List<ConversationId> over = new ArrayList<>();
        for (ConversationId id : waiting) {
            if (nowMillis - since.computeIfAbsent(id, key -> nowMillis) >= waitMillis) {
                over.add(id);
            }
        }
        return over;
    }
}
