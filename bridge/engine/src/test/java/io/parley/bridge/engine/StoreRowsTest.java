package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows as they are in each kind of store, and with what a command changed. */
final class StoreRowsTest {
    private static final StoreSettings SMALL =
            new StoreSettings(StoreSettings.Kind.ROCKSDB, "unused", OptionalInt.empty(), 8, 4);

    private final KeyValueStore<String, byte[]> inMemory = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore("state"), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    private final KeyValueStore<String, byte[]> onDisk = Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore("state"), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    private final List<StoreRows> both = List.of(new StoreRows(inMemory), new StoreRows(onDisk));

    private final RocksMemory memory = new RocksMemory(SMALL);

    @BeforeEach
    void the_stores_are_open(@TempDir Path folder) {
        inMemory.init(new MockProcessorContext<String, Routed>().getStateStoreContext(), inMemory);
        Map<String, Object> properties = new HashMap<>(memory.properties());
        properties.put("application.id", "test");
        properties.put("bootstrap.servers", "localhost:1");
        onDisk.init(
                new MockProcessorContext<String, Routed>(
                                asProperties(properties),
                                new org.apache.kafka.streams.processor.TaskId(0, 0),
                                folder.toFile())
                        .getStateStoreContext(),
                onDisk);
    }

    private static Properties asProperties(Map<String, Object> all) {
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    @AfterEach
    void the_stores_are_closed() {
        inMemory.close();
        onDisk.close();
        memory.close();
    }

    private static void fill(StoreRows rows) {
        for (String key : new String[] {"a|1", "a|2", "a|3", "a|4", "b|1"}) {
            rows.put(key, new byte[0]);
        }
    }

    @Test
    void a_range_ends_before_its_end_and_has_no_more_keys_than_asked_for() {
        for (StoreRows rows : both) {
            fill(rows);
            assertThat(rows.keys("a|2", "a|4", 10)).containsExactly("a|2", "a|3");
            assertThat(rows.keys("a|", "a|" + Character.MAX_VALUE, 3)).containsExactly("a|1", "a|2", "a|3");
            assertThat(rows.keys("c|", "c|" + Character.MAX_VALUE, 3)).isEmpty();
        }
    }

    @Test
    void a_range_knows_what_a_command_wrote_and_deleted() {
        for (StoreRows rows : both) {
            fill(rows);
            CommandRows changed = new CommandRows(rows);
            changed.delete("a|1");
            changed.delete("a|2");
            changed.put("a|35", new byte[0]);
            changed.put("b|0", new byte[0]);
            assertThat(changed.keys("a|", "a|" + Character.MAX_VALUE, 3)).containsExactly("a|3", "a|35", "a|4");
            assertThat(rows.keys("a|", "a|" + Character.MAX_VALUE, 9)).hasSize(4);
        }
    }

    @Test
    void an_empty_row_is_one() {
        for (StoreRows rows : both) {
            rows.put("a|1", new byte[0]);
            assertThat(rows.get("a|1")).isEmpty();
            rows.delete("a|1");
            assertThat(rows.get("a|1")).isNull();
        }
    }

    @Test
    void whatever_is_written_reads_the_same_in_both() {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            String key = (char) ('a' + random.nextInt(3)) + "|" + "u" + random.nextInt(40) + "|" + random.nextInt(5);
            switch (random.nextInt(4)) {
                case 0 -> both.forEach(rows -> rows.delete(key));
                case 1 -> {
                    String from = key.substring(0, 2 + random.nextInt(3));
                    int limit = 1 + random.nextInt(20);
                    assertThat(both.get(1).keys(from, from + Character.MAX_VALUE, limit))
                            .isEqualTo(both.get(0).keys(from, from + Character.MAX_VALUE, limit));
                    assertThat(both.get(1).keys(from)).isEqualTo(both.get(0).keys(from));
                }
                default -> {
                    byte[] row = new byte[random.nextInt(2_000)];
                    random.nextBytes(row);
                    both.forEach(rows -> rows.put(key, row));
                }
            }
            assertThat(both.get(1).get(key)).isEqualTo(both.get(0).get(key));
        }
    }
}
