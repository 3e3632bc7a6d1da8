package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one kind of state machine: decode, decide, apply, forward; now and then what time alone brings. A record that cannot be processed
 * goes to the dead letters, one without a value nowhere.
 */
final class Machine implements Processor<String, byte[], String, Routed> {
    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);

    /** What a machine does. */
    interface Logic {
        /**
         * Decides and applies.
         *
         * @param key the conversation or user
         * @param command the command's bytes
         * @throws InvalidProtocolBufferException if the bytes are no command
         * @throws IllegalArgumentException if the key or command is none that a machine takes
         */
        List<Effect> run(String key, byte[] command, long timeMillis, Rows rows) throws InvalidProtocolBufferException;

        /** What is due. Each {@link #pace}, by the wall clock. */
        List<Effect> tick(long nowMillis, Rows rows);

        /** How often what is due is asked for; may change with what is run. Each time ends in a transaction of its own when nothing else does. */
        Duration pace();
    }

    private final String store;
    private final Supplier<Logic> logics;
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
    Machine(String store, Supplier<Logic> logics, EngineMetrics metrics) {
        this.store = store;
        this.logics = logics;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, Routed> context) {
        logic = logics.get();
        outgoing = new Outgoing(context);
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
        logic.tick(nowMillis, rows).forEach(effect -> outgoing.send(effect, nowMillis));
        keepPace();
    }

    @Override
    public void process(Record<String, byte[]> record) {
        if (record.value() == null) {
            // Says nothing: it begins a new file.
            return;
        }
        List<Effect> effects;
        try {
            if (record.key() == null) {
                throw new IllegalArgumentException("a command has a key");
            }
            effects = logic.run(record.key(), record.value(), record.timestamp(), rows);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            LOG.warn("command refused store={} reason={}", store, e.getMessage());
            metrics.deadLetter();
            outgoing.bury(record, String.valueOf(e.getMessage()));
            return;
        }
        metrics.command();
        effects.forEach(effect -> outgoing.send(effect, record.timestamp()));
        keepPace();
    }
}
