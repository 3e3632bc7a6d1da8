package io.parley.audit;

import java.util.List;

/**
 * What is known about the notifications of one conversation after a run.
 *
 * @param accepted what providers accepted, in that order
 * @param watches who must have been notified
 * @param mayRepeat whether the push service was struck: then it sends again what it held
 */
public record Pushes(List<Pushed> accepted, List<PushWatch> watches, boolean mayRepeat) {

    public Pushes {
        accepted = List.copyOf(accepted);
        watches = List.copyOf(watches);
    }

    /** Nobody is to be notified. */
    public static Pushes none() {
        return new Pushes(List.of(), List.of(), false);
    }
}
