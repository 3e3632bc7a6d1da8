package io.parley.bridge.engine;

import io.parley.bridge.Effect;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.DeadLetter;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Forwards effects to the topics they belong to. */
final class Outgoing {
    private final ProcessorContext<String, Routed> context;

    Outgoing(ProcessorContext<String, Routed> context) {
        this.context = context;
    }

    void send(Effect effect, long timeMillis) {
        if (effect instanceof Effect.Publish publish) {
            Headers headers = new RecordHeaders(List.of(new RecordHeader(
                    LogTopics.RETENTION_HEADER, publish.keeping().toByteArray())));
            context.forward(
                    new Record<>(
                            publish.conversation().value(),
                            new Routed(0, publish.event().toByteArray()),
                            timeMillis,
                            headers),
                    LogTopics.EVENTS);
        } else if (effect instanceof Effect.StorePointers store) {
            forward(
                    LogTopics.POINTERS,
                    store.conversation().value(),
                    new Routed(0, store.pointers().toByteArray()),
                    timeMillis);
        } else if (effect instanceof Effect.Deliver deliver) {
            forward(
                    LogTopics.DELIVERIES,
                    deliver.key(),
                    new Routed(deliver.slot(), deliver.delivery().toByteArray()),
                    timeMillis);
        } else if (effect instanceof Effect.TellConversation tell) {
            forward(
                    LogTopics.COMMANDS,
                    tell.conversation().value(),
                    new Routed(0, tell.command().toByteArray()),
                    timeMillis);
        } else if (effect instanceof Effect.TellUser tell) {
            forward(
                    LogTopics.USER_COMMANDS,
                    tell.user().value(),
                    new Routed(0, tell.command().toByteArray()),
                    timeMillis);
        }
    }

    void bury(Record<String, byte[]> record, String reason) {
        RecordMetadata source = context.recordMetadata().orElseThrow();
        DeadLetter letter = DeadLetter.newBuilder()
                .setTopic(source.topic())
                .setPartition(source.partition())
                .setOffset(source.offset())
                .setReason(reason)
                .setRecordBytes(record.value().length)
                .build();
        forward(
                LogTopics.DEAD_LETTERS,
                String.valueOf(record.key()),
                new Routed(0, letter.toByteArray()),
                record.timestamp());
    }

    private void forward(String topic, String key, Routed value, long timeMillis) {
        context.forward(new Record<>(key, value, timeMillis), topic);
    }
}
