package io.parley.standalone.prove;

import java.util.List;

/** All kinds of faults. A new one is a class, and a line here. */
public final class Faults {
    private static final int LONGEST_PAUSE_SECONDS = 60;

    private Faults() {}

    /** Those that a schedule draws from. One that is named several times is drawn so much more often. */
    static List<Fault> all() {
        return List.of(
                new Kill(1), new Kill(1), new Kill(1), new Kill(2), new Pause(LONGEST_PAUSE_SECONDS), new KillAll());
    }

    /** @throws IllegalArgumentException when there is none of that kind */
    public static Fault of(String kind) {
        return all().stream()
                .filter(fault -> fault.kind().equals(kind))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no fault " + kind));
    }
}
