package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ranges of rows, as they are in the store and with what a command changed. */
final class StoreRowsTest {
    private final KeyValueStore<String, byte[]> store = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore("state"), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    private final StoreRows rows = new StoreRows(store);

    @BeforeEach
    void there_are_rows() {
        store.init(new MockProcessorContext<String, Routed>().getStateStoreContext(), store);
        for (String key : new String[] {"a|1", "a|2", "a|3", "a|4", "b|1"}) {
            rows.put(key, new byte[0]);
        }
    }

    @Test
    void a_range_ends_before_its_end_and_has_no_more_keys_than_asked_for() {
        assertThat(rows.keys("a|2", "a|4", 10)).containsExactly("a|2", "a|3");
        assertThat(rows.keys("a|", "a|" + Character.MAX_VALUE, 3)).containsExactly("a|1", "a|2", "a|3");
        assertThat(rows.keys("c|", "c|" + Character.MAX_VALUE, 3)).isEmpty();
    }

    @Test
    void a_range_knows_what_a_command_wrote_and_deleted() {
        CommandRows changed = new CommandRows(rows);
        changed.delete("a|1");
        changed.delete("a|2");
        changed.put("a|35", new byte[0]);
        changed.put("b|0", new byte[0]);
        assertThat(changed.keys("a|", "a|" + Character.MAX_VALUE, 3)).containsExactly("a|3", "a|35", "a|4");
        assertThat(rows.keys("a|", "a|" + Character.MAX_VALUE, 9)).hasSize(4);
    }
}
