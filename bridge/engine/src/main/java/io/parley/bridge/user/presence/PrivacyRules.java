package io.parley.bridge.user.presence;

import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.admission.Spending;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;

/** What the user shows of themselves. A change is told to many conversations, so there are only so many within an hour. */
public final class PrivacyRules implements UserHandlers.Feature {
    private final PresenceRules presence;
    private final Spending spending;

    /**
     * @param presence who is told
     * @param spending what the user did lately
     */
    public PrivacyRules(PresenceRules presence, Spending spending) {
        this.presence = presence;
        this.spending = spending;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.SET_PRIVACY, this::set);
    }

    private UserDecision set(UserState state, UserCommand command, long nowMillis) {
        UserDecision decision = presence.privacy(state, command);
        if (decision.changes().isEmpty()) {
            return decision;
        }
        UserChange spent = spending.toldSetting(state, nowMillis);
        return spent == null ? spending.tooManySettings(command) : decision.and(spent);
    }
}
