package io.parley.bridge.user.founding;

import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserFamily;
import io.parley.bridge.user.UserRows;
import io.parley.bridge.user.UserTable;
import io.parley.bridge.user.WindowRows;

/** The last requests of a user for new groups: one row, until ten minutes after the last. */
public final class GroupRequestRows implements UserTable {
    /** What {@link WindowRows} calls the row. */
    private static final String WINDOW = "q";

    private final UserRows rows;
    private final WindowRows windows;

    public GroupRequestRows(UserRows rows, WindowRows windows) {
        this.rows = rows;
        this.windows = windows;
    }

    @Override
    public boolean apply(UserChange change) {
        if (change instanceof UserChange.GroupRequested requested) {
            set(requested.remembered());
        } else if (change instanceof UserChange.GroupRequestsEnded || change instanceof UserChange.Erased) {
            set(GroupRequests.getDefaultInstance());
        } else {
            return false;
        }
        return true;
    }

    private void set(GroupRequests now) {
        windows.move(WINDOW, GroupFounding.overMillis(requests()), GroupFounding.overMillis(now));
        rows.putUnlessEmpty(rows.key(UserFamily.GROUP_REQUESTS), now);
    }

    public GroupRequests requests() {
        return rows.get(
                rows.key(UserFamily.GROUP_REQUESTS), GroupRequests.parser(), GroupRequests.getDefaultInstance());
    }
}
