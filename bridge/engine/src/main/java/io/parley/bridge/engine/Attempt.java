package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.Rows;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out one step of a machine whole or not at all. A step that throws changes no row and has none of its effects; what it has instead
 * is given by who asked for it. A failure of Kafka itself is not the step's: it is thrown on.
 */
public final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    /** Decides, and changes the rows that it is given. */
    interface Step {
        List<Effect> run(Rows rows) throws InvalidProtocolBufferException;
    }

    private final Refusals refusals;

    public Attempt(Refusals refusals) {
        this.refusals = refusals;
    }

    /**
     * Runs a step that time brings, unless it failed and is to be tried later. It never holds up another.
     *
     * @param key what is tried
     * @param otherwise the effects of a step that failed, each time
     */
    <K> List<Effect> run(
            Retries<K> retries,
            K key,
            long nowMillis,
            Rows rows,
            Step step,
            Function<Throwable, List<Effect>> otherwise) {
        if (retries.isWaiting(key, nowMillis)) {
            return List.of();
        }
        boolean[] failed = {false};
        List<Effect> effects = run(rows, step, failure -> {
            failed[0] = true;
            return otherwise.apply(failure);
        });
        if (failed[0]) {
            retries.failed(key, nowMillis);
        } else {
            retries.succeeded(key);
        }
        return effects;
    }

    /**
     * Runs a step.
     *
     * @param otherwise the effects of a step that failed
     */
    List<Effect> run(Rows rows, Step step, Function<Throwable, List<Effect>> otherwise) {
        CommandRows changed = new CommandRows(rows);
        List<Effect> effects;
        try {
            effects = step.run(changed);
            effects.forEach(refusals::check);
            changed.sizes().forEach(bytes -> refusals.check(Refusals.ROWS, bytes));
        } catch (KafkaException e) {
            throw e;
        } catch (Exception | StackOverflowError e) {
            LOG.debug("a step failed", e);
            return otherwise.apply(e);
        }
        changed.flush();
        return effects;
    }
}
