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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forwards effects to the topics they belong to. */
final class Outgoing {
    private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);

    private final ProcessorContext<String, Routed> context;
    private final EngineMetrics metrics;

    Outgoing(ProcessorContext<String, Routed> context, EngineMetrics metrics) {
        this.context = context;
        this.metrics = metrics;
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
        } else if (effect instanceof Effect.TellTokenDirectory tell) {
            forward(
                    LogTopics.USER_COMMANDS,
                    tell.key(),
                    new Routed(0, tell.command().toByteArray()),
                    timeMillis);
        } else if (effect instanceof Effect.Notify notify) {
            forward(
                    LogTopics.NOTIFICATIONS,
                    notify.notification().getUser(),
                    new Routed(0, notify.notification().toByteArray()),
                    timeMillis);
        } else if (effect instanceof Effect.Pushed pushed) {
            metrics.pushed(pushed.platforms());
        } else if (effect instanceof Effect.Fetched fetched) {
            metrics.fetched(fetched.platforms());
        } else if (effect instanceof Effect.Bury bury) {
            bury(bury.key(), bury.letter(), timeMillis);
        }
    }

    private void bury(String key, DeadLetter letter, long timeMillis) {
        metrics.deadLetter();
        DeadLetter.Builder placed = letter.toBuilder();
        // What time alone brings comes from no record.
        context.recordMetadata()
                .ifPresent(source -> placed.setTopic(source.topic())
                        .setPartition(source.partition())
                        .setOffset(source.offset()));
        LOG.warn(
                "buried key={} command={} topic={} partition={} offset={} failure={} at={} reason={}",
                key,
                letter.getCommand(),
                placed.getTopic(),
                placed.getPartition(),
                placed.getOffset(),
                letter.getFailure(),
                letter.getThrownAt(),
                letter.getReason());
        forward(LogTopics.DEAD_LETTERS, key, new Routed(0, placed.build().toByteArray()), timeMillis);
    }

    private void forward(String topic, String key, Routed value, long timeMillis) {
        context.forward(new Record<>(key, value, timeMillis), topic);
    }
}
