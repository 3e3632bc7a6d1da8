package io.parley.gateway.delivering;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.Tombstones;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * The node's memory of recent events, bounded in bytes: a device that falls a little behind needs no store. What is deleted is forgotten here
 * too, as long as every event comes by: see {@link Routes#since}. Deletions are remembered for what is read from the store.
 */
final class RecentEvents {
    private record Key(ConversationId conversation, int seq) {}

    private static final int OVERHEAD_BYTES = 200;

    private final Cache<Key, SequencedEvent> events;
    private final Erasures erasures = new Erasures();

    /** @param maxBytes of payload and bookkeeping together, roughly */
    RecentEvents(long maxBytes) {
        events = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Key key, SequencedEvent event) -> OVERHEAD_BYTES + 2 * event.payload(WireFormat.PROTO).length)
                .executor(Runnable::run)
                .build();
    }

    void add(ConversationId conversation, SequencedEvent event) {
        events.put(new Key(conversation, event.seq()), event);
        ChatEvent erasing = event.erasing();
        if (erasing == null) {
            return;
        }
        erasures.add(conversation, erasing);
        if (erasing.hasUserErased()) {
            forget(conversation, erasing.getUserErased().getUser());
        } else {
            erase(new Key(conversation, erasing.getDeleted().getSeq()));
            erasing.getDeleted().getEditsList().forEach(edit -> erase(new Key(conversation, edit)));
        }
    }

    /** Rare, so that everything may be looked at. */
    private void forget(ConversationId conversation, String user) {
        events.asMap().forEach((key, event) -> {
            if (key.conversation().equals(conversation)) {
                ChatEvent decoded = event.decoded();
                if (decoded.getFrom().equals(user) && Tombstones.shortens(decoded)) {
                    erase(key);
                }
            }
        });
    }

    private void erase(Key key) {
        events.asMap().computeIfPresent(key, (same, event) -> Erasures.tombstone(event));
    }

    /** An event that was read from the store, without what a deletion took from it that came by since. */
    SequencedEvent erased(ConversationId conversation, SequencedEvent stored) {
        return erasures.applied(conversation, stored);
    }

    /** The unbroken run of events from a seq on, as far as it is remembered. */
    List<SequencedEvent> from(ConversationId conversation, int first, int limit) {
        List<SequencedEvent> run = new ArrayList<>();
        for (int seq = first; run.size() < limit; seq++) {
            SequencedEvent event = events.getIfPresent(new Key(conversation, seq));
            if (event == null) {
                break;
            }
            run.add(event);
        }
        return run;
    }
}
