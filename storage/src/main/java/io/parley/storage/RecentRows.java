package io.parley.storage;

import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.WireFormat;
import io.parley.storage.cache.CachedRow;
import io.parley.storage.cache.RecentMessages;
import io.parley.storage.cache.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads stretches of messages from a cache, and from the tables what it does not have. What was read there goes into the cache. */
final class RecentRows {
    private final RecentMessages recent;
    private final BoundedRows stored;

    RecentRows(RecentMessages recent, BoundedRows stored) {
        this.recent = recent;
        this.stored = stored;
    }

    /** @param state of the conversation, read for this */
    Stretches of(ConversationId conversation, Wanted.State state) {
        return new Stretches(conversation, state);
    }

    /** The stretches of one conversation in one state; none goes beyond its head. */
    final class Stretches {
        private final ConversationId conversation;
        private final Wanted.State state;

        private Stretches(ConversationId conversation, Wanted.State state) {
            this.conversation = conversation;
            this.state = state;
        }

        /** As {@link BoundedRows#lowest}. */
        CompletionStage<List<StoredMessage>> lowest(int first, int last, BoundedRows.Bound bound) {
            return read(new Wanted(true, first, last, bound.limit(), bound.bytes(), state), bound);
        }

        /** As {@link BoundedRows#highest}. */
        CompletionStage<List<StoredMessage>> highest(int first, int last, BoundedRows.Bound bound) {
            return read(new Wanted(false, first, last, bound.limit(), bound.bytes(), state), bound);
        }

        private CompletionStage<List<StoredMessage>> read(Wanted wanted, BoundedRows.Bound bound) {
            if (wanted.first() > wanted.last()) {
                return CompletableFuture.completedFuture(List.of());
            }
            if (!recent.mayHave(wanted)) {
                return stored(wanted, bound);
            }
            return recent.find(conversation, wanted)
                    .thenCompose(found -> found.isPresent()
                            ? CompletableFuture.completedFuture(messages(found.get()))
                            : stored(wanted, bound).thenApply(rows -> kept(wanted, rows)));
        }

        private CompletionStage<List<StoredMessage>> stored(Wanted wanted, BoundedRows.Bound bound) {
            return wanted.upwards()
                    ? stored.lowest(conversation, wanted.first(), wanted.last(), bound)
                    : stored.highest(conversation, wanted.first(), wanted.last(), bound);
        }

        private List<StoredMessage> kept(Wanted wanted, List<StoredMessage> found) {
            if (!found.isEmpty()) {
                int lowest = found.get(0).event().seq();
                int highest = found.get(found.size() - 1).event().seq();
                recent.keep(
                        conversation,
                        state,
                        rows(
                                found,
                                wanted.upwards() ? wanted.first() : lowest,
                                wanted.upwards() ? highest : wanted.last(),
                                state.nowMillis()));
            }
            return found;
        }
    }

    /** What is known after a read: whatever of {@code low..high} was not found is not stored any more. */
    static List<CachedRow> rows(List<StoredMessage> found, int low, int high, long nowMillis) {
        Map<Integer, CachedRow> bySeq = new HashMap<>();
        found.forEach(message -> bySeq.put(message.event().seq(), row(message, nowMillis)));
        List<CachedRow> rows = new ArrayList<>();
        // Only the newest are kept, and a gap can be long.
        for (int seq = Math.max(low, high - RecentMessages.MOST); seq <= high; seq++) {
            CachedRow row = bySeq.get(seq);
            rows.add(row == null ? CachedRow.gone(seq) : row);
        }
        return rows;
    }

    private static CachedRow row(StoredMessage message, long nowMillis) {
        return new CachedRow(
                message.event().seq(),
                message.event().payload(WireFormat.PROTO),
                message.edited(),
                message.secondsLeft() == 0 ? CachedRow.NEVER : nowMillis + message.secondsLeft() * 1000L);
    }

    /** As they would have been read. */
    static List<StoredMessage> messages(List<CachedRow> rows) {
        return rows.stream()
                .map(row -> new StoredMessage(
                        new SequencedEvent(row.seq(), Objects.requireNonNull(row.event())), row.edited(), 0))
                .toList();
    }
}
