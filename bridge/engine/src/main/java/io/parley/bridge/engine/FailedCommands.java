package io.parley.bridge.engine;

import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Remembers which command ended its thread by a failure that its machine did not catch. Its transaction is undone, and the next thread buries
 * the command. Failures of Kafka are not the command's. Made by Streams, by name.
 */
public final class FailedCommands implements ProcessingExceptionHandler {
    /** The setting that has the {@link Refusals}. */
    static final String REFUSALS = "parley.refusals";

    // Streams calls configure first.
    @SuppressWarnings("NullAway.Init")
    private Refusals refusals;

    @Override
    public void configure(Map<String, ?> settings) {
        refusals = refusals(settings);
    }

    static Refusals refusals(Map<String, ?> settings) {
        if (settings.get(REFUSALS) instanceof Refusals refusals) {
            return refusals;
        }
        throw new IllegalArgumentException(REFUSALS + " is not set");
    }

    @Override
    public Response handleError(ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        // What time alone brings has no record.
        if (!(exception instanceof KafkaException) && context.topic() != null) {
            refusals.broke(context.topic(), context.partition(), context.offset());
        }
        return Response.fail();
    }
}
