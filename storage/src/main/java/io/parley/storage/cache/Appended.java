package io.parley.storage.cache;

import java.util.List;

/**
 * Events of one conversation that the archiver has stored, with what they did to messages before them.
 *
 * @param first seq of the first
 * @param last seq of the last; those between them are all here
 * @param changed seq of the last one that changed a message before it; 0 if none did
 * @param steps in the order of the events
 */
public record Appended(int first, int last, int changed, List<Step> steps) {
    /** One thing that an event does to the cached rows; {@code at} is the event's seq. */
    public sealed interface Step {
        /** The event's seq. */
        int at();
    }

    /** The event's own row. */
    public record Put(int at, CachedRow row) implements Step {}

    /** The row of another seq shows another text. */
    public record Edit(int at, int seq, String text) implements Step {}

    /** The row of a seq is to be read anew by who wants it. */
    public record Forget(int at, int seq) implements Step {}

    /** All rows are. */
    public record ForgetAll(int at) implements Step {}
}
