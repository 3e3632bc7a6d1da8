package io.parley.bridge.conversation;

import io.parley.protocol.UserId;

/**
 * What a member has not read.
 *
 * @param messages messages of others among the last 4,096 seqs
 * @param mentions how many of them mention the member
 */
public record Unread(int messages, int mentions) {
    /**
     * For whom is counted, and what.
     *
     * @param user whose own messages do not count
     * @param first the first seq that counts, 1 or more
     * @param sinceSeconds messages up to this time do not count, epoch seconds
     */
    public record Reader(UserId user, int first, long sinceSeconds) {}
}
