package io.parley.bridge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rows in a map. */
public final class MapRows implements Rows {
    private final TreeMap<String, byte[]> rows = new TreeMap<>();
    private int reads;
    private int listed;

    /** How many rows were read since this was asked last. */
    public int reads() {
        int before = reads;
        reads = 0;
        return before;
    }

    /** How many keys were listed since this was asked last. */
    public int listed() {
        int before = listed;
        listed = 0;
        return before;
    }

    @Override
    public byte @Nullable [] get(String key) {
        reads++;
        return rows.get(key);
    }

    @Override
    public void put(String key, byte[] row) {
        rows.put(key, row.clone());
    }

    @Override
    public void delete(String key) {
        rows.remove(key);
    }

    @Override
    public List<String> keys(String prefix) {
        return listed(
                List.copyOf(rows.subMap(prefix, prefix + Character.MAX_VALUE).keySet()));
    }

    @Override
    public List<String> keys(String from, String before, int limit) {
        return listed(rows.subMap(from, before).keySet().stream().limit(limit).toList());
    }

    private List<String> listed(List<String> keys) {
        listed += keys.size();
        return keys;
    }

    /** Every row, comparable with those of another. */
    public Map<String, List<Byte>> content() {
        Map<String, List<Byte>> content = new TreeMap<>();
        rows.forEach((key, row) -> {
            List<Byte> bytes = new ArrayList<>();
            for (byte b : row) {
                bytes.add(b);
            }
            content.put(key, bytes);
        });
        return content;
    }
}
