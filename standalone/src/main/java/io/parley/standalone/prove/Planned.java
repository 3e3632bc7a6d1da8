package io.parley.standalone.prove;

import io.parley.standalone.ProcessName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A fault that was drawn.
 *
 * @param atSeconds after the load began; later if what was struck before is not back
 * @param kind of which fault
 * @param targets whom it strikes
 * @param lastsSeconds for how long; 0 if it is over at once
 */
public record Planned(int atSeconds, String kind, List<ProcessName> targets, int lastsSeconds) {

    public Planned {
        targets = List.copyOf(targets);
    }

    /** The same for a shorter time. */
    Planned lasting(int seconds) {
        return new Planned(atSeconds, kind, targets, seconds);
    }

    /** Whom it strikes, as people read it. */
    public String target() {
        return targets.stream().map(ProcessName::toString).collect(Collectors.joining(","));
    }
}
