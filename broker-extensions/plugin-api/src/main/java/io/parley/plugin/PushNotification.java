package io.parley.plugin;

import java.time.Instant;
import java.util.Optional;

/**
 * What one device is to be shown, or shown no more.
 *
 * @param token as the app registered it
 * @param topic as the app registered it; empty if it said none
 * @param kind what it is
 * @param title what is shown; empty with a withdrawal and a badge
 * @param body what is shown, the beginning of the message; likewise
 * @param conversation the conversation's id; empty with a digest and a badge
 * @param seq of the newest message that it is about; 0 likewise
 * @param badge the user's unread messages in all conversations
 * @param mention whether the message mentions the user
 * @param collapseId 32 of [A-Za-z0-9_-]; what was shown with the same id is replaced by this, and a withdrawal removes it
 * @param expiresAt when it is of no use any more; empty: never
 */
public record PushNotification(
        String token,
        String topic,
        Kind kind,
        String title,
        String body,
        String conversation,
        int seq,
        int badge,
        boolean mention,
        String collapseId,
        Optional<Instant> expiresAt) {

    /** What a notification is. */
    public enum Kind {
        /** A message came. */
        ALERT,
        /** Messages came in the user's quiet hours. */
        DIGEST,
        /** What was shown of the conversation is to go: it was read elsewhere, deleted, or is no more for this user. */
        WITHDRAWAL,
        /** Only the badge changes. */
        BADGE
    }
}
