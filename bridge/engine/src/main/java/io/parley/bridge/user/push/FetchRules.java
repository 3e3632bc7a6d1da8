package io.parley.bridge.user.push;

import io.parley.bridge.Effect;
import io.parley.bridge.state.PushedRow;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserState;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.PushPlatform;
import java.util.EnumSet;
import java.util.Set;

/**
 * Counts users who were pushed to, and those of them of whom a device came within a minute. What comes within the minute counts with the first: a user costs
 * one row, and counts once a minute at most. A device that was connected all the time, and did not acknowledge, is not measured.
 */
final class FetchRules {
    static final long WITHIN_MILLIS = 60_000;

    private FetchRules() {}

    /** Adds to a decision what it means for the counts. */
    static void follow(UserDecision decision, UserState state, UserCommand command, long nowMillis) {
        if (command.hasDeviceConnected()) {
            connected(decision, state, command, nowMillis);
            return;
        }
        boolean alerts = decision.effects().stream()
                .anyMatch(effect -> effect instanceof Effect.Notify notify
                        && (notify.notification().hasAlert()
                                || notify.notification().hasDigest()));
        if (alerts && !command.getNotify().getStalled()) {
            pushed(decision, state, nowMillis);
        }
    }

    private static void pushed(UserDecision decision, UserState state, long nowMillis) {
        PushedRow before = state.push().pushed();
        if (before != null && isWithin(before, nowMillis)) {
            return;
        }
        Set<PushPlatform> platforms = EnumSet.noneOf(PushPlatform.class);
        state.push()
                .tokens()
                .values()
                .forEach(row -> platforms.add(row.getToken().getPlatform()));
        decision.and(new UserChange.PushedSet(PushedRow.newBuilder()
                        .setAtMillis(nowMillis)
                        .addAllPlatforms(platforms)
                        .build()))
                .and(new Effect.Pushed(platforms));
    }

    private static void connected(UserDecision decision, UserState state, UserCommand command, long nowMillis) {
        PushedRow before = state.push().pushed();
        boolean came = !command.getDeviceConnected().getAgain()
                && decision.changes().stream().anyMatch(UserChange.DeviceSeen.class::isInstance);
        if (before == null || !came) {
            return;
        }
        decision.and(new UserChange.PushedEnded());
        if (isWithin(before, nowMillis)) {
            decision.and(new Effect.Fetched(Set.copyOf(before.getPlatformsList())));
        }
    }

    private static boolean isWithin(PushedRow row, long nowMillis) {
        return nowMillis < row.getAtMillis() + WITHIN_MILLIS;
    }
}
