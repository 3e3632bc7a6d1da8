package io.parley.storage;

import io.parley.protocol.ConversationId;
import io.parley.storage.MessageRows.Sized;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reads stretches of a conversation that have so many bytes at most. Reads first how large the messages are and then those that fit: what does not fit is
 * never in this process's memory. A message whose size is not stored counts as {@value MessageRows#UNKNOWN_BYTES} bytes until it has been read.
 */
final class BoundedRows {
    private final MessageRows messages;

    BoundedRows(MessageRows messages) {
        this.messages = messages;
    }

    /**
     * What a stretch may hold.
     *
     * @param limit events at most
     * @param bytes of events at most; one event is read however large it is
     */
    record Bound(int limit, long bytes) {}

    /** The lowest events of {@code first..last} within the bound, ascending. Empty only if there are none. */
    CompletionStage<List<StoredMessage>> lowest(ConversationId conversation, int first, int last, Bound bound) {
        return messages.lowestSizes(conversation, first, last, bound.limit())
                .thenCompose(sizes -> read(conversation, true, sizes, bound.bytes(), new ArrayList<>())
                        .thenCompose(found -> found.isEmpty() && !sizes.isEmpty()
                                // They were deleted between the two reads.
                                ? lowest(conversation, furthest(sizes) + 1, last, bound)
                                : CompletableFuture.completedFuture(found)));
    }

    /** The highest events of {@code first..last} within the bound, ascending. Empty only if there are none. */
    CompletionStage<List<StoredMessage>> highest(ConversationId conversation, int first, int last, Bound bound) {
        return messages.highestSizes(conversation, first, last, bound.limit())
                .thenCompose(sizes -> read(conversation, false, sizes, bound.bytes(), new ArrayList<>())
                        .thenCompose(found -> found.isEmpty() && !sizes.isEmpty()
                                // They were deleted between the two reads.
                                ? highest(conversation, first, furthest(sizes) - 1, bound)
                                : CompletableFuture.completedFuture(found)));
    }

    private static int furthest(List<Sized> sizes) {
        return sizes.get(sizes.size() - 1).seq();
    }

    /** @param found what was read so far, ascending */
    private CompletionStage<List<StoredMessage>> read(
            ConversationId conversation, boolean upwards, List<Sized> sizes, long room, List<StoredMessage> found) {
        int count = fitting(sizes, room, found.isEmpty());
        if (count == 0) {
            return CompletableFuture.completedFuture(found);
        }
        int nearest = sizes.get(0).seq();
        int furthest = sizes.get(count - 1).seq();
        return messages.lowest(conversation, Math.min(nearest, furthest), Math.max(nearest, furthest), count)
                .thenCompose(some -> {
                    found.addAll(upwards ? found.size() : 0, some);
                    long bytes = some.stream().mapToLong(StoredMessage::bytes).sum();
                    return read(conversation, upwards, sizes.subList(count, sizes.size()), room - bytes, found);
                });
    }

    /** How many of the nearest fit; one does if nothing was found yet. */
    static int fitting(List<Sized> sizes, long room, boolean first) {
        int count = 0;
        long bytes = 0;
        while (count < sizes.size()) {
            bytes += sizes.get(count).bytes();
            if (bytes > room && !(first && count == 0)) {
                break;
            }
            count++;
        }
        return count;
    }
}
