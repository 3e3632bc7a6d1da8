package io.parley.bridge.conversation;

import java.util.List;

/**
 * Some rows of a conversation whose window is over.
 *
 * @param keys of those to drop
 * @param last the last row that was looked at; empty: there are no more
 * @param more whether there are rows whose windows end later; known with the last slice
 */
public record Overdue(List<String> keys, String last, boolean more) {
    /**
     * What is over.
     *
     * @param nowMillis what the windows are measured from
     * @param sinceSeconds messages up to this time have expired; 0: none has
     * @param through nobody needs to know who sent what up to here
     */
    public record Windows(long nowMillis, long sinceSeconds, int through) {}
}
