package io.parley.bridge.conversation;

import java.time.Duration;

/**
 * What an operator allows in every conversation.
 *
 * @param edit how long after a message its sender may edit it; zero: for as long as it is remembered
 * @param delete how long after a message it may be deleted; zero likewise
 * @param retentionDefaultDays how long messages of a conversation are kept that does not say so, days; 0: for ever
 * @param retentionMaximumDays the longest that a conversation may ask to be kept, days; 0: no limit
 * @param deviceActiveDays a device that was not seen for more days does not hold back messages that are kept until delivered
 * @param presenceMembers conversations with more members carry no presence
 * @param presenceBlocks who blocks, or is blocked by, more members of a group is seen there by nobody
 * @param sizes how large lists may become
 * @param dormancy how long after the last event a conversation forgets what nobody needs
 */
public record ConversationLimits(
        Duration edit,
        Duration delete,
        int retentionDefaultDays,
        int retentionMaximumDays,
        int deviceActiveDays,
        int presenceMembers,
        int presenceBlocks,
        ConversationSizes sizes,
        Duration dormancy) {
    private static final Duration DORMANCY = Duration.ofDays(30);

    /** With the window of dormancy that holds when nothing is set. */
    public ConversationLimits(
            Duration edit,
            Duration delete,
            int retentionDefaultDays,
            int retentionMaximumDays,
            int deviceActiveDays,
            int presenceMembers,
            int presenceBlocks,
            ConversationSizes sizes) {
        this(
                edit,
                delete,
                retentionDefaultDays,
                retentionMaximumDays,
                deviceActiveDays,
                presenceMembers,
                presenceBlocks,
                sizes,
                DORMANCY);
    }

    /** What holds when nothing is set. */
    public static ConversationLimits defaults() {
        return new ConversationLimits(
                Duration.ofHours(24), Duration.ofHours(48), 30, 0, 30, 100, 50, ConversationSizes.defaults());
    }
}
