package io.parley.bridge.user;

import io.parley.bridge.OrderedKeys;
import io.parley.bridge.Rows;
import io.parley.protocol.UserId;
import java.util.Set;

/** When windows of a user's rows are over: a row for each, in the order of the times. */
public final class WindowRows {
    private static final String FAMILY = UserFamily.WINDOW.prefix();

    private final UserId id;
    private final Rows rows;

    public WindowRows(UserId id, Rows rows) {
        this.id = id;
        this.rows = rows;
    }

    /**
     * A window ends at another time than before; 0: there is none.
     *
     * @param what which of the user's rows
     */
    public void move(String what, long beforeMillis, long nowMillis) {
        if (beforeMillis == nowMillis) {
            return;
        }
        if (beforeMillis > 0) {
            rows.delete(key(what, beforeMillis));
        }
        if (nowMillis > 0) {
            rows.put(key(what, nowMillis), new byte[0]);
        }
    }

    private String key(String what, long millis) {
        return FAMILY + OrderedKeys.time(millis) + "|" + id + "|" + what;
    }

    /** The users of these rows with a window that is over at that time; of so many windows at most. */
    public static Set<UserId> over(Rows rows, long nowMillis, int limit) {
        return OrderedKeys.usersDue(rows, FAMILY, nowMillis, limit);
    }
}
