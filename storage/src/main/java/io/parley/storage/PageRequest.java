package io.parley.storage;

import io.parley.protocol.wire.HistoryRequest;
import java.time.Instant;
import java.util.List;

/**
 * Which part of a conversation is asked for.
 *
 * @param start where the page lies
 * @param limit events at most, 1 to {@value #MAX_LIMIT}
 */
public record PageRequest(Start start, int limit) {
    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 200;
    /** Bytes of the messages on a page, at most, if it is more than one. */
    static final int MAX_BYTES = 1024 * 1024;

    /** Where a page lies. */
    public sealed interface Start permits Newest, After, Before, At {}

    /** The newest events. */
    public record Newest() implements Start {}

    /** The first events with a greater seq. */
    public record After(int seq) implements Start {}

    /** The last events with a lesser seq. */
    public record Before(int seq) implements Start {}

    /** The first events of that time or later. */
    public record At(Instant time) implements Start {}

    /** Brings the limit into its bounds; 0 or less means {@value #DEFAULT_LIMIT}. */
    public PageRequest {
        limit = limit <= 0 ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT);
    }

    /**
     * What a device asks for.
     *
     * @throws IllegalArgumentException when it names both {@code after} and {@code before}
     */
    public static PageRequest of(HistoryRequest request) {
        if (request.hasAfter() && request.hasBefore()) {
            throw new IllegalArgumentException("either after or before, not both");
        }
        // uint32: what is above int's range is beyond every seq.
        int limit = request.getLimit() < 0 ? MAX_LIMIT : request.getLimit();
        if (request.hasAfter()) {
            return new PageRequest(new After(clamped(request.getAfter())), limit);
        }
        return new PageRequest(request.hasBefore() ? new Before(clamped(request.getBefore())) : new Newest(), limit);
    }

    /**
     * Those of the found that a page holds: from where it lies on, as many as are in {@value #MAX_BYTES} bytes together, one at least.
     *
     * @param found ascending by seq
     */
    List<StoredMessage> fitting(List<StoredMessage> found) {
        boolean upwards = start instanceof After || start instanceof At;
        int count = 0;
        long bytes = 0;
        while (count < found.size()) {
            bytes += found.get(upwards ? count : found.size() - 1 - count).bytes();
            if (count > 0 && bytes > MAX_BYTES) {
                break;
            }
            count++;
        }
        return upwards ? found.subList(0, count) : found.subList(found.size() - count, found.size());
    }

    private static int clamped(int unsigned) {
        return unsigned < 0 ? Integer.MAX_VALUE : unsigned;
    }
}
