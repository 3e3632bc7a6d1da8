package io.parley.bridge.conversation;

import io.parley.bridge.Effect;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows from a command.
 *
 * @param changes to the conversation's own state, in order
 * @param effects elsewhere, in order
 */
public record Decision(List<Change> changes, List<Effect> effects) {
    /** Nothing follows. */
    public static Decision none() {
        return new Decision(new ArrayList<>(), new ArrayList<>());
    }

    /** Only effects follow. */
    public static Decision of(Effect... effects) {
        return new Decision(new ArrayList<>(), new ArrayList<>(List.of(effects)));
    }

    /** Whether there is something new that devices are to be told outside of the sequence. */
    public boolean isToBeTold() {
        return changes.stream()
                .anyMatch(change ->
                        change instanceof Change.UntoldSet set && set.untold().getSerializedSize() > 0);
    }

    public Decision and(Change change) {
        changes.add(change);
        return this;
    }

    public Decision and(Effect effect) {
        effects.add(effect);
        return this;
    }
}
