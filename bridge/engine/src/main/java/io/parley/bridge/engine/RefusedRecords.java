package io.parley.bridge.engine;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.DefaultProductionExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which size Kafka refused. The transaction cannot be saved: it fails, with the thread. The next thread meets the same command and
 * buries it, because its record would be as large again. Made by Streams, by name.
 */
public final class RefusedRecords extends DefaultProductionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedRecords.class);

    // Streams calls configure first.
    @SuppressWarnings("NullAway.Init")
    private Refusals refusals;

    @Override
    public void configure(Map<String, ?> settings) {
        super.configure(settings);
        refusals = FailedCommands.refusals(settings);
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (exception instanceof RecordTooLargeException && record.value() != null) {
            LOG.error(
                    "Kafka refuses a record: does the topic's max.message.bytes allow 1 MiB? topic={} bytes={}",
                    record.topic(),
                    record.value().length);
            refusals.refused(record.topic(), record.value().length);
            return Response.fail();
        }
        return super.handleError(context, record, exception);
    }
}
