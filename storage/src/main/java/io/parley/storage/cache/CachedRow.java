package io.parley.storage.cache;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one seq.
 *
 * @param event the stored event's bytes; null: the store had nothing there, and will have nothing
 * @param edited the message's last text, if that is another than the first
 * @param endsAtMillis when the store drops it, by the store's clock; {@link #NEVER}: only with a deletion
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and shared with the store's readers.
public record CachedRow(
        int seq, byte @Nullable [] event, @Nullable String edited, long endsAtMillis) {
    /** The end of what does not expire. */
    public static final long NEVER = Long.MAX_VALUE;

    /** A seq of which nothing is stored any more. */
    public static CachedRow gone(int seq) {
        return new CachedRow(seq, null, null, NEVER);
    }

    /** About how much memory it takes, in bytes. */
    int weight() {
        return 64 + (event == null ? 0 : event.length) + (edited == null ? 0 : 2 * edited.length());
    }

    /** What a page's bound counts, in bytes. */
    int bytes() {
        return (event == null ? 0 : event.length) + (edited == null ? 0 : edited.length());
    }
}
