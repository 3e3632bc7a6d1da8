package io.parley.storage.cache;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A stretch of a conversation that somebody wants to read, and what the store says of the conversation now.
 *
 * @param upwards the lowest rows of the stretch; otherwise the highest
 * @param first of the stretch
 * @param last of the stretch
 * @param limit rows at most
 * @param bytes of rows at most; one row may have more
 * @param state what was read from the store for this
 */
public record Wanted(boolean upwards, int first, int last, int limit, long bytes, State state) {
    /**
     * How far from its end a row is not shown from a cache, and not taken for expired either: clocks of the store's nodes may differ by a second, its ends
     * are whole seconds, and the clock of the one who calculated the end counts, too.
     */
    static final long END_UNKNOWN_MILLIS = 3000;

    /**
     * What the store says of a conversation. It says so before it changes a message, so that a cached row with all of this is no older than the stored one.
     *
     * @param head all events up to this seq are stored, and all their changes are done
     * @param changed the last change of a stored message that has begun; above the head while it is under way
     * @param purging everything up to this seq is deleted, or about to be
     * @param nowMillis the store's clock
     */
    public record State(int head, int changed, int purging, long nowMillis) {}

    /** The lowest seq that may be among the answer's rows if none of them is gone. */
    int low() {
        return upwards ? first : (int) Math.max(first, (long) last - limit + 1);
    }

    /** The highest one. */
    int high() {
        return upwards ? (int) Math.min(last, (long) first + limit - 1) : last;
    }

    /** The rows as the store would give them, ascending; empty if the snapshot may lack a change or a row. */
    Optional<List<CachedRow>> from(Snapshot snapshot) {
        if (!snapshot.has(state.changed())) {
            return Optional.empty();
        }
        List<CachedRow> found = new ArrayList<>();
        long room = bytes;
        int step = upwards ? 1 : -1;
        for (long seq = upwards ? first : last; seq >= first && seq <= last && found.size() < limit; seq += step) {
            CachedRow row = snapshot.rows().get((int) seq);
            if (row == null || seq <= state.purging() || isNearEnd(row)) {
                return Optional.empty();
            }
            if (row.event() == null || row.endsAtMillis() < state.nowMillis()) {
                continue;
            }
            room -= row.bytes();
            if (room < 0 && !found.isEmpty()) {
                break;
            }
            found.add(row);
        }
        if (!upwards) {
            Collections.reverse(found);
        }
        return Optional.of(found);
    }

    private boolean isNearEnd(CachedRow row) {
        return row.endsAtMillis() != CachedRow.NEVER
                && Math.abs(row.endsAtMillis() - state.nowMillis()) <= END_UNKNOWN_MILLIS;
    }
}
