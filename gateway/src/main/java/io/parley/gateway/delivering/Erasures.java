package io.parley.gateway.delivering;

import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.Tombstones;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Deleted;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which events lost their text by deletions that came by, also if the events themselves did not: the store may have the events and not yet their
 * tombstones. Bounded: the oldest deletions are forgotten first.
 */
final class Erasures {
    private static final int MAX_EVENTS = 10_000;
    private static final int MAX_CONVERSATIONS = 1_000;

    private record Key(ConversationId conversation, int seq) {}

    private final Set<Key> events = Collections.synchronizedSet(Collections.newSetFromMap(newest(MAX_EVENTS)));
    /** Where users were erased, and with which seq. */
    private final Map<ConversationId, Map<String, Integer>> users =
            Collections.synchronizedMap(newest(MAX_CONVERSATIONS));

    private static <K, V> Map<K, V> newest(int limit) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > limit;
            }
        };
    }

    /** @param erasing a deletion, or that a user was erased */
    void add(ConversationId conversation, ChatEvent erasing) {
        if (erasing.hasUserErased()) {
            users.computeIfAbsent(conversation, key -> new ConcurrentHashMap<>())
                    .merge(erasing.getUserErased().getUser(), erasing.getSeq(), Math::max);
            return;
        }
        Deleted deleted = erasing.getDeleted();
        events.add(new Key(conversation, deleted.getSeq()));
        deleted.getEditsList().forEach(edit -> events.add(new Key(conversation, edit)));
    }

    /** The event as it is shown now: itself, or its tombstone. */
    SequencedEvent applied(ConversationId conversation, SequencedEvent event) {
        Map<String, Integer> erased = users.getOrDefault(conversation, Map.of());
        boolean gone = events.contains(new Key(conversation, event.seq()))
                || (!erased.isEmpty() && isOf(erased, event.decoded()));
        return gone ? tombstone(event) : event;
    }

    private static boolean isOf(Map<String, Integer> erased, ChatEvent event) {
        return event.getSeq() < erased.getOrDefault(event.getFrom(), 0) && Tombstones.shortens(event);
    }

    /** The event's place, without its text. */
    static SequencedEvent tombstone(SequencedEvent event) {
        return new SequencedEvent(event.seq(), Tombstones.of(event.decoded()).toByteArray());
    }
}
