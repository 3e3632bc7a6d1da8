package io.parley.bridge.engine;

import io.parley.runtime.Settings;
import java.util.OptionalInt;

/**
 * Where an engine keeps its state; the keys are explained in reference.conf.
 *
 * @param kind in the heap or on disk
 * @param directory where Streams keeps its files, those of RocksDB among them
 * @param standbys engines that keep a copy of each partition's state; empty: one if the log is replicated, else none
 * @param cacheMiB what RocksDB's stores of a process read into memory, all together, with what they have not written to disk yet
 * @param writeBuffersMiB what they have not written to disk yet
 */
public record StoreSettings(Kind kind, String directory, OptionalInt standbys, int cacheMiB, int writeBuffersMiB) {
    /** Which store holds the rows. */
    public enum Kind {
        /** The process's heap. After a start everything is read from the log. */
        MEMORY,
        /** Files on disk, with bounded memory beside the heap. After a start in order nothing is read again. */
        ROCKSDB
    }

    static StoreSettings from(Settings settings) {
        int cache = settings.integer("parley.engine.rocksdb.cache-mib", 8, 1 << 20);
        int buffers = settings.integer("parley.engine.rocksdb.write-buffers-mib", 4, 1 << 20);
        if (buffers > cache / 2) {
            throw settings.bad(
                    "parley.engine.rocksdb.write-buffers-mib",
                    "must be at most half of parley.engine.rocksdb.cache-mib, of which they are a part");
        }
        return new StoreSettings(
                kind(settings), settings.text("parley.engine.state-directory"), standbys(settings), cache, buffers);
    }

    private static Kind kind(Settings settings) {
        String key = "parley.engine.store";
        return switch (settings.text(key)) {
            case "memory" -> Kind.MEMORY;
            case "rocksdb" -> Kind.ROCKSDB;
            default -> throw settings.bad(key, "must be memory or rocksdb");
        };
    }

    private static OptionalInt standbys(Settings settings) {
        String key = "parley.engine.standbys";
        return settings.text(key).equals("auto") ? OptionalInt.empty() : OptionalInt.of(settings.integer(key, 0, 8));
    }
}
