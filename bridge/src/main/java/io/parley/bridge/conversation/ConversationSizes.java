package io.parley.bridge.conversation;

/**
 * How large a conversation's lists may become.
 *
 * @param members the most members of a group
 * @param waitingMessages the most messages of one user that wait for their conversation of two to begin
 * @param waitingBytes the most bytes of them
 */
public record ConversationSizes(int members, int waitingMessages, int waitingBytes) {
    /** The most members that a group can be allowed: what lists them fits into one record of the log. */
    public static final int MOST_MEMBERS = 1_024;

    /** What holds when nothing is set. */
    public static ConversationSizes defaults() {
        return new ConversationSizes(MOST_MEMBERS, 5_000, 4 << 20);
    }
}
