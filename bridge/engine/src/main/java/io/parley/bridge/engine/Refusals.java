package io.parley.bridge.engine;

import io.parley.bridge.Effect;
import io.parley.protocol.LogTopics;
import io.parley.protocol.RecordLimit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * What this process learned not to do again: which records are too large for Kafka, and which commands broke a machine in spite of everything.
 * A thread that replaces one that failed buries them. For any thread.
 */
final class Refusals {
    /** The rows of the state stores: Kafka has them in topics of its own. */
    static final String ROWS = "state";

    private static final String CHANGELOG = "-changelog";

    private record Place(String topic, int partition, long offset) {}

    private final Map<String, Integer> limits = new ConcurrentHashMap<>();
    private final Set<Place> broken = ConcurrentHashMap.newKeySet();

    /** Kafka took no value of that size: a topic's own limit is lower than ours. */
    void refused(String topic, int bytes) {
        limits.merge(topic.endsWith(CHANGELOG) ? ROWS : topic, bytes - 1, Math::min);
    }

    /**
     * Looks at a record before it is made.
     *
     * @throws OversizeException if Kafka would refuse it
     */
    void check(String topic, int bytes) {
        if (!takes(topic, bytes)) {
            throw new OversizeException(topic, bytes, limit(topic));
        }
    }

    /** Whether Kafka would take a record of that size. */
    boolean takes(String topic, int bytes) {
        return bytes <= limit(topic);
    }

    private int limit(String topic) {
        return Math.min(RecordLimit.MAX_BYTES, limits.getOrDefault(topic, RecordLimit.MAX_BYTES));
    }

    /**
     * Looks at the record that an effect becomes.
     *
     * @throws OversizeException if Kafka would refuse it
     */
    void check(Effect effect) {
        if (effect instanceof Effect.Publish publish) {
            check(LogTopics.EVENTS, publish.event().getSerializedSize());
        } else if (effect instanceof Effect.StorePointers store) {
            check(LogTopics.POINTERS, store.pointers().getSerializedSize());
        } else if (effect instanceof Effect.Deliver deliver) {
            check(LogTopics.DELIVERIES, deliver.delivery().getSerializedSize());
        } else if (effect instanceof Effect.TellConversation tell) {
            check(LogTopics.COMMANDS, tell.command().getSerializedSize());
        } else if (effect instanceof Effect.TellUser tell) {
            check(LogTopics.USER_COMMANDS, tell.command().getSerializedSize());
        } else if (effect instanceof Effect.TellTokenDirectory tell) {
            check(LogTopics.USER_COMMANDS, tell.command().getSerializedSize());
        } else if (effect instanceof Effect.Notify notify) {
            check(LogTopics.NOTIFICATIONS, notify.notification().getSerializedSize());
        }
    }

    /** Whether Kafka would take the record that an effect becomes. */
    boolean takes(Effect effect) {
        try {
            check(effect);
            return true;
        } catch (OversizeException e) {
            return false;
        }
    }

    /** The command there ended the thread that processed it. */
    void broke(String topic, int partition, long offset) {
        broken.add(new Place(topic, partition, offset));
    }

    /** Whether the command there ended a thread. */
    boolean isBroken(RecordMetadata place) {
        return !broken.isEmpty() && broken.contains(new Place(place.topic(), place.partition(), place.offset()));
    }
}
