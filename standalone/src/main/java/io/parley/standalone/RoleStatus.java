package io.parley.standalone;

import java.util.OptionalLong;

/**
 * What a role does now.
 *
 * @param process which
 * @param state see {@link State}
 * @param pid of its process, empty without one
 * @param restarts how often it was started anew since the platform's start
 */
public record RoleStatus(ProcessName process, State state, OptionalLong pid, int restarts) {

    public RoleName name() {
        return process.role();
    }

    /**
     * <pre>
     * STOPPED ─start─▶ STARTING ─answers─▶ READY
     *    ▲                │ ends             │ ends
     *    │                ▼                  ▼
     *    └─stop─── WAITING (a moment, then STARTING again; or HELD until released)
     *                     └─ ended over a bad setting ─▶ FAILED (until restarted by hand)
     * </pre>
     */
    public enum State {
        STOPPED,
        STARTING,
        READY,
        WAITING,
        HELD,
        FAILED
    }
}
