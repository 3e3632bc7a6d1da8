package io.parley.gateway.membership;

import io.parley.protocol.log.SlotNote;
import java.util.function.Consumer;

/** Where notes about slots go. Never blocks for long. */
public interface SlotLog {
    /**
     * Appends a note.
     *
     * @param done called once on any thread: whether the log has it. What failed may be in the log nevertheless.
     */
    void append(SlotNote note, Consumer<Boolean> done);

    /** Whether the log answers this process, for other topics at least. */
    boolean answersElsewhere();
}
