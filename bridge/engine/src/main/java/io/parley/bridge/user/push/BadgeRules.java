package io.parley.bridge.user.push;

import static io.parley.bridge.user.Connections.isConnected;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.ShownRow;
import io.parley.bridge.state.TokenRow;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserState;
import io.parley.protocol.ConversationId;
import io.parley.protocol.push.BadgeChanged;
import io.parley.protocol.push.Notification;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells devices that are away that there is less unread than the last notification told, while something is still shown. It waits a little, because who reads
 * goes on reading: a user is told once in {@link #WAIT_MILLIS} at most, and not at all if another notification tells it meanwhile.
 */
final class BadgeRules {
    /** From the first message that was read to the push. */
    static final long WAIT_MILLIS = 5_000;

    /** A provider that is away longer has no use for it. */
    private static final long KEPT_MILLIS = Duration.ofHours(1).toMillis();

    private BadgeRules() {}

    /**
     * A conversation told what is unread there.
     *
     * @param shown what is shown of it from now on; null: nothing
     */
    static void counted(
            UserDecision decision,
            UserState state,
            ConversationId conversation,
            @Nullable ShownRow shown,
            int unread,
            long nowMillis) {
        ShownRow now =
                shown == null ? null : shown.toBuilder().setUnread(unread).build();
        if (now != null && !now.equals(state.push().shown(conversation))) {
            decision.and(new UserChange.ShownSet(conversation, now));
        }
        boolean less = unread < Badge.unread(state, conversation);
        if (less && state.push().badgeDueMillis() == 0 && isAnythingShown(state)) {
            decision.and(new UserChange.BadgeDue(nowMillis + WAIT_MILLIS));
        }
    }

    private static boolean isAnythingShown(UserState state) {
        return state.push().shown().values().stream().anyMatch(shown -> shown.getAlert() || shown.getDigest());
    }

    /** A notification goes out, and tells what is unread. */
    static void told(UserDecision decision, UserState state) {
        boolean waits = state.push().badgeDueMillis() != 0
                || decision.changes().stream().anyMatch(UserChange.BadgeDue.class::isInstance);
        if (waits && decision.effects().stream().anyMatch(Effect.Notify.class::isInstance)) {
            decision.and(new UserChange.BadgeDue(0));
        }
    }

    static void due(UserDecision decision, UserState state, long nowMillis) {
        long dueMillis = state.push().badgeDueMillis();
        if (dueMillis == 0 || dueMillis > nowMillis) {
            return;
        }
        decision.and(new UserChange.BadgeDue(0));
        boolean told = decision.effects().stream().anyMatch(Effect.Notify.class::isInstance);
        Notification.Builder notification = Notification.newBuilder();
        for (TokenRow row : state.push().tokens().values()) {
            Device device = state.devices().get(row.getToken().getDevice());
            if (device == null || !isConnected(device)) {
                notification.addTokens(row.getToken());
            }
        }
        if (!told && notification.getTokensCount() > 0 && isAnythingShown(state)) {
            decision.and(new Effect.Notify(notification
                    .setUser(state.id().value())
                    .setBadge(Badge.of(state, Map.of()))
                    .setAtMillis(nowMillis)
                    .setExpiresAtMillis(nowMillis + KEPT_MILLIS)
                    .setBadgeChanged(BadgeChanged.getDefaultInstance())
                    .build()));
        }
    }
}
