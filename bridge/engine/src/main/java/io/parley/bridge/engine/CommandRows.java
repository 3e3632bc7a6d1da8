package io.parley.bridge.engine;

import io.parley.bridge.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one command makes of the rows: each is written once, however often it changed, and none if the command fails. */
final class CommandRows implements Rows {
    private final Rows below;
    /** In order: a command that removes a thousand members asks for keys thousands of times while it has written thousands of rows. */
    private final NavigableMap<String, byte @Nullable []> written = new TreeMap<>();

    CommandRows(Rows below) {
        this.below = below;
    }

    @Override
    public byte @Nullable [] get(String key) {
        return written.containsKey(key) ? written.get(key) : below.get(key);
    }

    @Override
    public void put(String key, byte[] row) {
        written.put(key, row);
    }

    @Override
    public void delete(String key) {
        // Rules delete what may be there. What is not there is not remembered: keys would be looked for among it.
        if (below.get(key) == null) {
            written.remove(key);
        } else {
            written.put(key, null);
        }
    }

    @Override
    public List<String> keys(String prefix) {
        if (written.isEmpty()) {
            // While a command is decided nothing is written, and rows are many.
            return below.keys(prefix);
        }
        TreeSet<String> keys = new TreeSet<>(below.keys(prefix));
        for (Map.Entry<String, byte @Nullable []> row : written.tailMap(prefix).entrySet()) {
            if (!row.getKey().startsWith(prefix)) {
                break;
            }
            change(keys, row);
        }
        return List.copyOf(keys);
    }

    @Override
    public List<String> keys(String from, String before, int limit) {
        Map<String, byte @Nullable []> changed = written.subMap(from, before);
        if (changed.isEmpty()) {
            return below.keys(from, before, limit);
        }
        // Each row that is deleted here leaves room for one that is not.
        TreeSet<String> keys = new TreeSet<>(below.keys(from, before, limit + changed.size()));
        changed.entrySet().forEach(row -> change(keys, row));
        return keys.stream().limit(limit).toList();
    }

    private static void change(Set<String> keys, Map.Entry<String, byte @Nullable []> row) {
        if (row.getValue() == null) {
            keys.remove(row.getKey());
        } else {
            keys.add(row.getKey());
        }
    }

    /** The size of each row that is to be written. */
    List<Integer> sizes() {
        List<Integer> sizes = new ArrayList<>();
        for (byte[] row : written.values()) {
            if (row != null) {
                sizes.add(row.length);
            }
        }
        return sizes;
    }

    /** Writes what has changed. */
    void flush() {
        written.forEach((key, row) -> {
            if (row != null) {
                below.put(key, row);
            } else {
                below.delete(key);
            }
        });
        written.clear();
    }
}
