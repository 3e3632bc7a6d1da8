package io.parley.standalone.prove;

/**
 * A fault that was drawn, and what came of it.
 *
 * @param skipped why this machine cannot inject it; empty if it struck
 * @param recoverySeconds after it was over, until all processes could serve; two that struck at the same time have the same
 */
public record Struck(Planned planned, String skipped, double recoverySeconds) {

    static Struck skipped(Planned planned, String why) {
        return new Struck(planned, why, 0);
    }

    /** Whether it was injected. */
    public boolean happened() {
        return skipped.isEmpty();
    }
}
