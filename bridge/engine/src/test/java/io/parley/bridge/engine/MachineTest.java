package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.bridge.Effect;
import io.parley.bridge.Rows;
import io.parley.protocol.LogTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MachineTest {
    private static final String STORE = "state";

    private final List<Machine.Logic> made = new ArrayList<>();
    private final MockProcessorContext<String, Routed> context = new MockProcessorContext<>();
    private final Machine machine =
            new Machine(STORE, this::logic, new Refusals(), new EngineMetrics(new SimpleMeterRegistry()));

    @BeforeEach
    void streams_starts_it() {
        var store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.setRecordMetadata(LogTopics.COMMANDS, 0, 7);
        machine.init(context);
    }

    @Test
    void a_record_without_a_key_is_buried_one_without_a_value_says_nothing_and_the_next_is_processed() {
        machine.process(record(null, new byte[1]));
        assertThat(context.forwarded())
                .extracting(CapturedForward::childName)
                .containsExactly(Optional.of(LogTopics.DEAD_LETTERS), Optional.of(LogTopics.BURIED_RECORDS));

        context.resetForwards();
        machine.process(record(null, null));
        machine.process(record("ann~ben", null));
        machine.process(record("ann~ben", new byte[1]));

        assertThat(context.forwarded()).isEmpty();
    }

    @Test
    void what_starts_over_after_a_failed_transaction_ticks_on_and_remembers_nothing() {
        machine.init(context);

        assertThat(made).hasSize(2);
        assertThat(context.scheduledPunctuators())
                .extracting(MockProcessorContext.CapturedPunctuator::cancelled)
                .containsExactly(true, false);
    }

    // A record from outside may lack either.
    @SuppressWarnings("NullAway")
    private static Record<String, byte[]> record(@Nullable String key, byte @Nullable [] value) {
        return new Record<>(key, value, 0);
    }

    private Machine.Logic logic() {
        made.add(new Idle());
        return made.get(made.size() - 1);
    }

    private static final class Idle implements Machine.Logic {
        @Override
        public List<Effect> run(String key, byte[] command, long timeMillis, Rows rows) {
            return List.of();
        }

        @Override
        public List<Effect> refused(String key, byte[] command, Throwable failure) {
            return List.of();
        }

        @Override
        public List<Effect> tick(long nowMillis, Rows rows) {
            return List.of();
        }

        @Override
        public Duration pace() {
            return Duration.ofSeconds(1);
        }
    }
}
