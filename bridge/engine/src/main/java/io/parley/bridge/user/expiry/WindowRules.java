package io.parley.bridge.user.expiry;

import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.state.MuteRow;
import io.parley.bridge.state.Revocation;
import io.parley.bridge.state.Spent;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.admission.Spending;
import io.parley.bridge.user.founding.GroupFounding;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.UserCommand.CommandCase;

/** Which rows of a user are over with time: what was spent within the hour, requests that may come again, mutes, revocations. */
public final class WindowRules implements UserHandlers.Feature {
    /** The most mutes that one decision ends; the others are found again. */
    private static final int SLICE = 200;

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.SWEEP_USER, (state, command, nowMillis) -> sweep(state, nowMillis));
    }

    private static UserDecision sweep(UserState state, long nowMillis) {
        UserDecision decision = UserDecision.none();
        Spent spent = state.spent();
        if (spent.getSerializedSize() > 0 && Spending.overMillis(spent) <= nowMillis) {
            decision.and(new UserChange.SpentEnded());
        }
        GroupRequests requests = state.groupRequests();
        if (requests.getRequestsCount() > 0 && GroupFounding.overMillis(requests) <= nowMillis) {
            decision.and(new UserChange.GroupRequestsEnded());
        }
        Revocation revocation = state.revocation();
        if (revocation.getEndsAtMillis() > 0 && revocation.getEndsAtMillis() <= nowMillis) {
            decision.and(new UserChange.RevocationEnded());
        }
        state.push().muted().stream()
                .filter(conversation -> isOver(state, conversation, nowMillis))
                .limit(SLICE)
                .forEach(conversation -> decision.and(new UserChange.MuteEnded(conversation)));
        return decision;
    }

    private static boolean isOver(UserState state, ConversationId conversation, long nowMillis) {
        MuteRow mute = state.push().mute(conversation);
        return mute != null && mute.getUntilMillis() > 0 && mute.getUntilMillis() <= nowMillis;
    }
}
