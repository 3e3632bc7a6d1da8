package io.parley.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * How large a record in Kafka may be. Kafka's own limit is 1 MiB (its producer's {@code max.request.size}, its topics' {@code
 * max.message.bytes}). A record that lists things whose number users control is split into parts.
 */
public final class RecordLimit {
    /** No record of Parley has a larger value: half of Kafka's limit. */
    public static final int MAX_BYTES = 512 * 1024;

    /** The listed things in one part are not larger than this together. The other half of a record is for what is beside them. */
    public static final int PART_BYTES = MAX_BYTES / 2;

    /** What Protobuf adds to one listed thing: a tag, and a length of at most five bytes. */
    private static final int FRAME_BYTES = 6;

    private RecordLimit() {}

    /**
     * Splits things into parts, in order; each part has at least one thing. No things are no parts.
     *
     * @param bytes the size of one thing
     */
    public static <T> List<List<T>> parts(Collection<T> things, ToIntFunction<T> bytes) {
        List<List<T>> parts = new ArrayList<>();
        List<T> part = new ArrayList<>();
        int size = 0;
        for (T thing : things) {
            int more = bytes.applyAsInt(thing) + FRAME_BYTES;
            if (!part.isEmpty() && size + more > PART_BYTES) {
                parts.add(part);
                part = new ArrayList<>();
                size = 0;
            }
            part.add(thing);
            size += more;
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }
}
