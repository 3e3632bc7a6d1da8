package io.parley.bridge.user;

import io.parley.bridge.Effect;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows from a command to a user.
 *
 * @param changes to the user's own state, in order
 * @param effects elsewhere, in order
 */
public record UserDecision(List<UserChange> changes, List<Effect> effects) {
    public static UserDecision none() {
        return new UserDecision(new ArrayList<>(), new ArrayList<>());
    }

    public UserDecision and(UserChange change) {
        changes.add(change);
        return this;
    }

    public UserDecision and(Effect effect) {
        effects.add(effect);
        return this;
    }
}
