package io.parley.storage;

import com.google.protobuf.util.Timestamps;
import io.parley.protocol.wire.ChatEvent;

/**
 * The write times of messages' cells: the same event always writes with the same time, and a later one with a later. In nanoseconds, since
 * time windows are told by them; the seq, in place of what is less than a millisecond, sets those of the same millisecond apart.
 */
final class WriteTime {
    private static final long NANOS = 1_000_000;

    private WriteTime() {}

    static long of(ChatEvent event) {
        return Timestamps.toMillis(event.getAt()) * NANOS + event.getSeq() % NANOS;
    }

    /** Later than every event before that millisecond. */
    static long at(long millis) {
        return millis * NANOS;
    }
}
