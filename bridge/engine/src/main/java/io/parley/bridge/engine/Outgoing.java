package io.parley.bridge.engine;

import io.parley.bridge.Effect;
import io.parley.protocol.BuriedRecords;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.DeadLetter;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards effects to the topics they belong to. A dead letter is accompanied by the record that it is about: the letter is kept for long and has no texts, the
 * record may have some and is kept for hours.
 */
final class Outgoing {
    private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);

    /** No key of ours is longer. A key from elsewhere must not make its own burial too large. */
    private static final int MAX_KEY = 256;

    private final ProcessorContext<String, Routed> context;
    private final Refusals refusals;
    private final EngineMetrics metrics;

    Outgoing(ProcessorContext<String, Routed> context, Refusals refusals, EngineMetrics metrics) {
        this.context = context;
        this.refusals = refusals;
        this.metrics = metrics;
    }

    /** @param record the value of the record that the effect comes from; empty if it comes from none */
    void send(Effect effect, long timeMillis, byte[] record) {
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
        } else if (effect instanceof Effect.TellRevoked tell) {
            forward(
                    LogTopics.REVOCATIONS,
                    tell.user().value(),
                    new Routed(0, tell.revoked().toByteArray()),
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
            bury(shortened(bury.key()), bury.letter(), timeMillis, record);
        }
    }

    private static String shortened(String key) {
        return key.length() <= MAX_KEY ? key : key.substring(0, MAX_KEY);
    }

    private void bury(String key, DeadLetter letter, long timeMillis, byte[] record) {
        metrics.deadLetter(letter.getKind());
        DeadLetter.Builder placed = letter.toBuilder();
        Optional<RecordMetadata> source = context.recordMetadata().filter(place -> record.length > 0);
        source.ifPresent(place ->
                placed.setTopic(place.topic()).setPartition(place.partition()).setOffset(place.offset()));
        if (!refusals.takes(LogTopics.DEAD_LETTERS, placed.build().getSerializedSize())) {
            // A device's name, or a user's, that no node would let through.
            placed.clearOrigin().clearFields();
        }
        LOG.warn(
                "buried kind={} key={} command={} topic={} partition={} offset={} failure={} at={} reason={}",
                letter.getKind(),
                key,
                letter.getCommand(),
                placed.getTopic(),
                placed.getPartition(),
                placed.getOffset(),
                letter.getFailure(),
                letter.getThrownAt(),
                letter.getReason());
        forward(LogTopics.DEAD_LETTERS, key, new Routed(0, placed.build().toByteArray()), timeMillis);
        source.ifPresent(place -> BuriedRecords.parts(place.topic(), place.partition(), place.offset(), record).stream()
                .filter(part -> refusals.takes(LogTopics.BURIED_RECORDS, part.getSerializedSize()))
                .forEach(
                        part -> forward(LogTopics.BURIED_RECORDS, key, new Routed(0, part.toByteArray()), timeMillis)));
    }

    private void forward(String topic, String key, Routed value, long timeMillis) {
        context.forward(new Record<>(key, value, timeMillis), topic);
    }
}
