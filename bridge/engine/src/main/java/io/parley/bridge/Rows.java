package io.parley.bridge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The key-value rows below a machine's state. */
public interface Rows {
    /** The row's bytes, or null. */
    byte @Nullable [] get(String key);

    /** Writes a row. */
    void put(String key, byte[] row);

    /** Removes a row. */
    void delete(String key);

    /** The keys that start with a prefix, ascending. */
    List<String> keys(String prefix);

    /**
     * The first keys of a range, ascending.
     *
     * @param from where the range begins
     * @param before where it ends; this key is not in it
     * @param limit the most keys
     */
    List<String> keys(String from, String before, int limit);
}
