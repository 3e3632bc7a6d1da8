package io.parley.bridge.user.presence;

import io.parley.bridge.Rows;
import io.parley.bridge.state.Visibility;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserFamily;
import io.parley.bridge.user.UserRows;
import io.parley.bridge.user.UserTable;
import io.parley.protocol.UserId;
import java.util.List;

/** Whether a user is there, and what the user shows of it: one row, and a second one while a grace runs. */
public final class VisibilityRows implements UserTable {
    private final UserRows rows;

    public VisibilityRows(UserRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean apply(UserChange change) {
        if (change instanceof UserChange.VisibilityChanged changed) {
            rows.put(rows.key(UserFamily.VISIBILITY), changed.visibility());
            if (changed.visibility().getDueMillis() == 0) {
                rows.delete(rows.key(UserFamily.GRACE_DUE));
            } else {
                rows.put(rows.key(UserFamily.GRACE_DUE), changed.visibility());
            }
        } else if (change instanceof UserChange.Erased) {
            rows.delete(rows.key(UserFamily.VISIBILITY));
            rows.delete(rows.key(UserFamily.GRACE_DUE));
        } else {
            return false;
        }
        return true;
    }

    public Visibility visibility() {
        return rows.get(rows.key(UserFamily.VISIBILITY), Visibility.parser(), Visibility.getDefaultInstance());
    }

    /** The users of these rows whose grace ends at some time. No row is read: one may be unreadable. */
    public static List<UserId> withGrace(Rows rows) {
        String prefix = UserFamily.GRACE_DUE.prefix();
        return rows.keys(prefix).stream()
                .map(key -> UserId.parse(key.substring(prefix.length())))
                .toList();
    }
}
