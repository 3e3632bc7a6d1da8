package io.parley.bridge.user.blocking;

import io.parley.bridge.state.Users;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserFamily;
import io.parley.bridge.user.UserRows;
import io.parley.bridge.user.UserTable;
import io.parley.protocol.UserId;
import java.util.TreeSet;

/** Whom a user blocks: a row for each. */
public final class BlockedRows implements UserTable {
    private final UserRows rows;
    private final String prefix;
    /** An older version had one row for all; it is read, and split with the next change. */
    private final String old;

    public BlockedRows(UserRows rows) {
        this.rows = rows;
        this.prefix = rows.key(UserFamily.BLOCKED, "");
        this.old = rows.key(UserFamily.BLOCKED);
    }

    @Override
    public boolean apply(UserChange change) {
        if (change instanceof UserChange.BlockSet set) {
            set(set.other(), set.blocked());
        } else if (change instanceof UserChange.Erased) {
            rows.deleteAll(UserFamily.BLOCKED);
            rows.delete(old);
        } else {
            return false;
        }
        return true;
    }

    public boolean has(UserId other) {
        return rows.has(prefix + other) || ofOldRow().getUsersList().contains(other.value());
    }

    /** All, ascending. */
    public Users all() {
        TreeSet<String> all = new TreeSet<>(ofOldRow().getUsersList());
        rows.keys(prefix).forEach(key -> all.add(key.substring(prefix.length())));
        return Users.newBuilder().addAllUsers(all).build();
    }

    private void set(UserId other, boolean blocked) {
        ofOldRow().getUsersList().forEach(name -> rows.putEmpty(prefix + name));
        rows.delete(old);
        if (blocked) {
            rows.putEmpty(prefix + other);
        } else {
            rows.delete(prefix + other);
        }
    }

    private Users ofOldRow() {
        return rows.get(old, Users.parser(), Users.getDefaultInstance());
    }
}
