package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.Rows;
import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one kind of state machine: decode, decide, apply, forward. A record that cannot be processed goes to the dead letters. */
final class Machine implements Processor<String, byte[], String, Routed> {
    private static final Logger LOG = LoggerFactory.getLogger(Machine.class);

    /** One step of a machine. */
    interface Step {
        /**
         * Decides and applies.
         *
         * @param key the conversation or user
         * @param command the command's bytes
         * @throws InvalidProtocolBufferException if the bytes are no command
         * @throws IllegalArgumentException if the key or command is none that a machine takes
         */
        List<Effect> run(String key, byte[] command, long timeMillis, Rows rows) throws InvalidProtocolBufferException;
    }

    private final String store;
    private final Step step;
    private final EngineMetrics metrics;
    // Streams calls init before process.
    @SuppressWarnings("NullAway.Init")
    private Outgoing outgoing;

    @SuppressWarnings("NullAway.Init")
    private Rows rows;

    Machine(String store, Step step, EngineMetrics metrics) {
        this.store = store;
        this.step = step;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, Routed> context) {
        outgoing = new Outgoing(context);
        rows = new StoreRows(context.getStateStore(store));
    }

    @Override
    public void process(Record<String, byte[]> record) {
        List<Effect> effects;
        try {
            effects = step.run(record.key(), record.value(), record.timestamp(), rows);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            LOG.warn("command refused store={} reason={}", store, e.getMessage());
            metrics.deadLetter();
            outgoing.bury(record, String.valueOf(e.getMessage()));
            return;
        }
        metrics.command();
        effects.forEach(effect -> outgoing.send(effect, record.timestamp()));
    }
}
