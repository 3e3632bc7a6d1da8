package io.parley.bridge.engine;

import io.parley.bridge.Effect;
import io.parley.bridge.Rows;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Runs one kind of state machine: decode, decide, apply, forward; now and then what time alone brings. A record that cannot be processed
 * goes to the dead letters, one without a value nowhere.
 */
final class Machine implements Processor<String, byte[], String, Routed> {
    /** What a machine does. */
    interface Logic {
        /**
         * Decides and applies, whole or not at all: of a command that cannot be carried out the effects are that it is buried and that
         * its sender is told.
         *
         * @param key the conversation or user
         * @param command the command's bytes
         */
        List<Effect> run(String key, byte[] command, long timeMillis, Rows rows);

        /** What becomes of a command that is not to be run. */
        List<Effect> refused(String key, byte[] command, Throwable failure);

        /** What is due. Each {@link #pace}, by the wall clock. */
        List<Effect> tick(long nowMillis, Rows rows);

        /** How often what is due is asked for; may change with what is run. Each time ends in a transaction of its own when nothing else does. */
        Duration pace();
    }

    /** What time alone brings comes from no record. */
    private static final byte[] NO_RECORD = {};

    private final String store;
    private final Supplier<Logic> logics;
    private final Refusals refusals;
    private final EngineMetrics metrics;
    // Streams calls init before process.
    @SuppressWarnings("NullAway.Init")
    private Logic logic;

    @SuppressWarnings("NullAway.Init")
    private Outgoing outgoing;

    @SuppressWarnings("NullAway.Init")
    private Rows rows;

    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<String, Routed> context;

    private @Nullable Cancellable ticking;
    private Duration pace = Duration.ZERO;

    /** @param logics makes what runs here: anew whenever Streams starts over, so that nothing is remembered of a transaction that failed */
    Machine(String store, Supplier<Logic> logics, Refusals refusals, EngineMetrics metrics) {
        this.refusals = refusals;
        this.store = store;
        this.logics = logics;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, Routed> context) {
        logic = logics.get();
        outgoing = new Outgoing(context, refusals, metrics);
        rows = new StoreRows(context.getStateStore(store));
        this.context = context;
        stopTicking();
        keepPace();
    }

    private void stopTicking() {
        if (ticking != null) {
            ticking.cancel();
            ticking = null;
            pace = Duration.ZERO;
        }
    }

    private void keepPace() {
        if (pace.equals(logic.pace())) {
            return;
        }
        stopTicking();
        pace = logic.pace();
        ticking = context.schedule(pace, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    private void tick(long nowMillis) {
        logic.tick(nowMillis, rows).forEach(effect -> outgoing.send(effect, nowMillis, NO_RECORD));
        keepPace();
    }

    @Override
    public void process(Record<String, byte[]> record) {
        if (record.value() == null) {
            // Says nothing: it begins a new file.
            return;
        }
        metrics.command(record.timestamp());
        effects(record).forEach(effect -> outgoing.send(effect, record.timestamp(), record.value()));
        keepPace();
    }

    private List<Effect> effects(Record<String, byte[]> record) {
        if (record.key() == null) {
            return List.of(Burial.of("", record.value().length, new IllegalArgumentException("a command has a key")));
        }
        if (context.recordMetadata().filter(refusals::isBroken).isPresent()) {
            return logic.refused(record.key(), record.value(), new EndedThreadException());
        }
        return logic.run(record.key(), record.value(), record.timestamp(), rows);
    }
}
