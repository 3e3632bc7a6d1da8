package io.parley.bridge.user.admission;

import io.parley.bridge.Replies;
import io.parley.bridge.state.Spent;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.UserState;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits by the hour, counted in the user's own rows: they hold across nodes and restarts. A limit that was not used for an hour is full, and
 * comes back evenly.
 */
public record Spending(UserLimits limits) {
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
    private static final long NOTHING_LEFT = -1;
    private static final int TOLD_FOR_ONE = 1_000;

    /** One more conversation of two is begun; null: that would be too many. */
    public @Nullable UserChange conversation(UserState state, long nowMillis) {
        Spent spent = state.spent();
        long until = take(spent.getConversationsUntilMillis(), limits.conversationsAnHour(), nowMillis);
        return until == NOTHING_LEFT ? null : set(spent.toBuilder().setConversationsUntilMillis(until));
    }

    /** One more group is founded; null: that would be too many. */
    public @Nullable UserChange group(UserState state, long nowMillis) {
        Spent spent = state.spent();
        long until = take(spent.getGroupsUntilMillis(), limits.groupsAnHour(), nowMillis);
        return until == NOTHING_LEFT ? null : set(spent.toBuilder().setGroupsUntilMillis(until));
    }

    /** One more setting is changed; null: that would be too many. */
    public @Nullable UserChange setting(UserState state, long nowMillis) {
        Spent spent = state.spent();
        long until = take(spent.getSettingsUntilMillis(), limits.settingsAnHour(), nowMillis);
        return until == NOTHING_LEFT ? null : set(spent.toBuilder().setSettingsUntilMillis(until));
    }

    /** The same where conversations of the user are told: one setting, and one more for each thousand conversations. */
    public @Nullable UserChange toldSetting(UserState state, long nowMillis) {
        Spent spent = state.spent();
        int uses = Math.min(limits.settingsAnHour(), 1 + state.conversationCount() / TOLD_FOR_ONE);
        long until = take(spent.getSettingsUntilMillis(), limits.settingsAnHour(), uses, nowMillis);
        return until == NOTHING_LEFT ? null : set(spent.toBuilder().setSettingsUntilMillis(until));
    }

    private static UserChange set(Spent.Builder spent) {
        return new UserChange.SpentSet(spent.build());
    }

    /** Each use moves the time ahead by its part of an hour, to an hour from now at most. */
    public static long take(long untilMillis, int anHour, long nowMillis) {
        return take(untilMillis, anHour, 1, nowMillis);
    }

    private static long take(long untilMillis, int anHour, int uses, long nowMillis) {
        long next = Math.max(untilMillis, nowMillis) + uses * (HOUR_MILLIS / anHour);
        return next - nowMillis > HOUR_MILLIS ? NOTHING_LEFT : next;
    }

    /** The refusal of a setting when the hour's are used up. */
    public UserDecision tooManySettings(UserCommand command) {
        return UserDecision.none()
                .and(Replies.error(
                        command.getOrigin(),
                        command.getRequestId(),
                        Replies.refusal(
                                ErrorCode.RATE_LIMITED,
                                "you changed blocks and privacy " + limits.settingsAnHour()
                                        + " times within an hour, the most that one user may: wait some minutes")));
    }
}
