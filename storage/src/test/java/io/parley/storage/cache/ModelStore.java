package io.parley.storage.cache;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A conversation as the archiver stores it, one step at a time: others may read between any two of them. */
final class ModelStore {
    /** Each row's number of changes; a row that is missing is not stored. */
    private final Map<Integer, Integer> rows = new HashMap<>();

    private final Deque<Runnable> steps = new ArrayDeque<>();
    private int next = 1;
    private int head;
    private int changed;
    private int purging;

    /** One step of what is being stored; begins with something else when that is done. */
    void step(Random random) {
        if (steps.isEmpty()) {
            begin(random);
        }
        steps.remove().run();
    }

    private void begin(Random random) {
        int seq = next++;
        int kind = random.nextInt(10);
        steps.add(() -> rows.put(seq, 0));
        if (kind < 4 && seq > 1) {
            int target = Math.max(1, seq - 1 - random.nextInt(8));
            steps.add(() -> changed = seq);
            steps.add(() -> rows.computeIfPresent(target, (key, changes) -> changes + 1));
        } else if (kind == 4 && seq > 1) {
            // The user whose messages these are is erased.
            steps.add(() -> changed = seq);
            for (int target = Math.max(1, seq - 12); target < seq; target += 2) {
                int erased = target;
                steps.add(() -> rows.computeIfPresent(erased, (key, changes) -> changes + 1));
            }
        } else if (kind == 5 && seq > 20) {
            int through = seq - 5 - random.nextInt(15);
            steps.add(() -> purging = Math.max(purging, through));
            for (int gone = 1; gone <= through; gone++) {
                int purged = gone;
                steps.add(() -> rows.remove(purged));
            }
        }
        steps.add(() -> head = seq);
    }

    Wanted.State state() {
        return new Wanted.State(head, changed, purging, 0);
    }

    CachedRow row(int seq) {
        Integer changes = rows.get(seq);
        return changes == null
                ? CachedRow.gone(seq)
                : new CachedRow(seq, (seq + ":" + changes).getBytes(StandardCharsets.US_ASCII), null, CachedRow.NEVER);
    }

    /** How often each row was changed until now; a purged one more often than any. */
    Map<Integer, Integer> versions(int first, int last) {
        Map<Integer, Integer> versions = new HashMap<>();
        for (int seq = first; seq <= last; seq++) {
            versions.put(seq, rows.getOrDefault(seq, Integer.MAX_VALUE));
        }
        return versions;
    }

    static int version(CachedRow row) {
        byte[] event = row.event();
        if (event == null) {
            return Integer.MAX_VALUE;
        }
        String text = new String(event, StandardCharsets.US_ASCII);
        return Integer.parseInt(text.substring(text.indexOf(':') + 1));
    }

    List<CachedRow> rows(int first, int last) {
        List<CachedRow> found = new ArrayList<>();
        for (int seq = first; seq <= last; seq++) {
            found.add(row(seq));
        }
        return found;
    }
}
