package io.parley.bridge.conversation;

/**
 * How large a conversation's lists may become.
 *
 * @param members the most members of a group
 * @param pins the most messages that are pinned at once
 */
public record ConversationSizes(int members, int pins) {
    /** The most members that a group can be allowed: what lists them fits into one record of the log. */
    public static final int MOST_MEMBERS = 1_024;

    /** What holds when nothing is set. */
    public static ConversationSizes defaults() {
        return new ConversationSizes(MOST_MEMBERS, 50);
    }
}
