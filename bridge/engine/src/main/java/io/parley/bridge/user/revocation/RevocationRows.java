package io.parley.bridge.user.revocation;

import io.parley.bridge.state.Revocation;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserFamily;
import io.parley.bridge.user.UserRows;
import io.parley.bridge.user.UserTable;
import io.parley.bridge.user.WindowRows;

/** Since when a user's tokens are good: one row, until each older token has expired. It outlives the user's erasure. */
public final class RevocationRows implements UserTable {
    private static final String WINDOW = "E";

    private final UserRows rows;
    private final WindowRows windows;

    public RevocationRows(UserRows rows, WindowRows windows) {
        this.rows = rows;
        this.windows = windows;
    }

    @Override
    public boolean apply(UserChange change) {
        if (change instanceof UserChange.TokensRevoked revoked) {
            set(revoked.revocation());
        } else if (change instanceof UserChange.RevocationEnded) {
            set(Revocation.getDefaultInstance());
        } else {
            return false;
        }
        return true;
    }

    private void set(Revocation now) {
        windows.move(WINDOW, get().getEndsAtMillis(), now.getEndsAtMillis());
        rows.putUnlessEmpty(rows.key(UserFamily.REVOCATION), now);
    }

    /** The row; empty if there is none. */
    public Revocation get() {
        return rows.get(rows.key(UserFamily.REVOCATION), Revocation.parser(), Revocation.getDefaultInstance());
    }
}
