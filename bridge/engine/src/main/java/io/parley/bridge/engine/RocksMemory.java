package io.parley.bridge.engine;

import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory that all RocksDB stores of a process share: one cache for the blocks that they read, their indexes and filters, of which what is not written
 * to disk yet is a part. Streams makes a {@link Setter} for each store, which finds this in its configuration.
 */
final class RocksMemory implements AutoCloseable {
    private static final String KEY = "parley.rocksdb.memory";
    private static final long MIB = 1 << 20;
    /** Blocks of a few rows are read for each row that is not cached: 4 KiB are better than Streams' 16 for rows of 50 bytes that are read alone. */
    private static final int BLOCK_BYTES = 4096;

    private static final double HIGH_PRIORITY = 0.2;
    private static final int SHARD_BITS = -1;

    private final Cache cache;
    private final WriteBufferManager buffers;

    RocksMemory(StoreSettings settings) {
        RocksDB.loadLibrary();
        cache = new LRUCache(settings.cacheMiB() * MIB, SHARD_BITS, false, HIGH_PRIORITY);
        buffers = new WriteBufferManager(settings.writeBuffersMiB() * MIB, cache);
    }

    /** What a configuration of Streams says to use it. */
    Map<String, Object> properties() {
        return Map.of(KEY, this, StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, Setter.class);
    }

    private void share(Options options) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(cache);
        table.setBlockSize(BLOCK_BYTES);
        // Otherwise they are outside of the cache, and grow with the state.
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(buffers);
    }

    /** When no store uses it any more. */
    @Override
    public void close() {
        buffers.close();
        cache.close();
    }

    /** Gives a store its part. */
    public static final class Setter implements RocksDBConfigSetter {
        @Override
        public void setConfig(String storeName, Options options, Map<String, Object> configs) {
            if (configs.get(KEY) instanceof RocksMemory memory) {
                memory.share(options);
            }
        }

        @Override
        public void close(String storeName, Options options) {
            // What stores share outlives each of them.
        }
    }
}
