package io.parley.storage.cache;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Rows of one conversation, with the changes that they have: edits, deletions and erasures, each of which is an event with a seq of its own. Immutable.
 *
 * <p>Rows may be shown as long as the store tells of no change after {@code through}. A conversation without changes keeps its rows while its head grows.
 *
 * @param through the rows have every change up to this seq
 * @param changed no change lies between this seq and {@code through}; may be higher than the last change
 * @param rows by seq; a seq that is not among them is unknown
 */
public record Snapshot(int through, int changed, NavigableMap<Integer, CachedRow> rows) {
    /** Nothing is known. */
    public static final Snapshot EMPTY = new Snapshot(0, 0, Collections.emptyNavigableMap());

    /** Of rows in any order. */
    public static Snapshot of(int through, int changed, Collection<CachedRow> rows) {
        NavigableMap<Integer, CachedRow> bySeq = new TreeMap<>();
        rows.forEach(row -> bySeq.put(row.seq(), row));
        return new Snapshot(through, changed, Collections.unmodifiableNavigableMap(bySeq));
    }

    /** Whether the rows have the changes up to that one. */
    boolean has(int change) {
        return through >= change;
    }

    /**
     * What both know together. Rows that lack a change which the other one knows of are left out. In any order of any snapshots the result never has a row
     * without a change up to its {@code through}.
     *
     * @param limit only the rows with so many highest seqs
     */
    Snapshot merged(Snapshot other, int limit) {
        boolean isNewer = through >= other.through;
        Snapshot newer = isNewer ? this : other;
        Snapshot older = isNewer ? other : this;
        NavigableMap<Integer, CachedRow> all = new TreeMap<>();
        if (older.has(newer.changed)) {
            all.putAll(older.rows);
        }
        all.putAll(newer.rows);
        if (!all.isEmpty()) {
            all.headMap(all.lastKey() - limit, true).clear();
        }
        return new Snapshot(newer.through, newer.changed, Collections.unmodifiableNavigableMap(all));
    }

    /** About how much memory it takes, in bytes. */
    int weight() {
        return rows.values().stream().mapToInt(CachedRow::weight).reduce(128, Math::addExact);
    }
}
