package io.parley.bridge.engine;

import io.parley.bridge.Rows;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Rows in a Streams store. */
record StoreRows(KeyValueStore<String, byte[]> store) implements Rows {
    @Override
    public byte @Nullable [] get(String key) {
        return store.get(key);
    }

    @Override
    public void put(String key, byte[] row) {
        store.put(key, row);
    }

    @Override
    public void delete(String key) {
        store.delete(key);
    }

    @Override
    public List<String> keys(String prefix) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> rows = store.prefixScan(prefix, new StringSerializer())) {
            while (rows.hasNext()) {
                KeyValue<String, byte[]> row = rows.next();
                keys.add(row.key);
            }
        }
        return keys;
    }

    @Override
    public List<String> keys(String from, String before, int limit) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> rows = store.range(from, before)) {
            while (rows.hasNext() && keys.size() < limit) {
                String key = rows.next().key;
                if (!key.equals(before)) {
                    keys.add(key);
                }
            }
        }
        return keys;
    }
}
