package io.parley.audit;

/**
 * A time during which a user may see a conversation.
 *
 * @param user the member
 * @param first the first seq that they may see
 * @param last the last seq that they may see; {@link Integer#MAX_VALUE} for a member to the end
 */
public record Membership(String user, int first, int last) {
    boolean covers(int seq) {
        return first <= seq && seq <= last;
    }
}
