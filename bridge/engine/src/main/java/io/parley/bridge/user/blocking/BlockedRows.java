package io.parley.bridge.user.blocking;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Rows;
import io.parley.bridge.state.Users;
import io.parley.protocol.UserId;
import java.util.TreeSet;

/** Whom a user blocks: a row for each. */
public final class BlockedRows {
    private static final String FAMILY = "b|";

    private final Rows rows;
    private final String prefix;
    /** An older version had one row for all; it is read, and split with the next change. */
    private final String old;

    public BlockedRows(UserId id, Rows rows) {
        this.rows = rows;
        this.prefix = FAMILY + id + "|";
        this.old = FAMILY + id;
    }

    public boolean has(UserId other) {
        return rows.get(prefix + other) != null || ofOldRow().getUsersList().contains(other.value());
    }

    /** All, ascending. */
    public Users all() {
        TreeSet<String> all = new TreeSet<>(ofOldRow().getUsersList());
        rows.keys(prefix).forEach(key -> all.add(key.substring(prefix.length())));
        return Users.newBuilder().addAllUsers(all).build();
    }

    public void set(UserId other, boolean blocked) {
        ofOldRow().getUsersList().forEach(name -> rows.put(prefix + name, new byte[0]));
        rows.delete(old);
        if (blocked) {
            rows.put(prefix + other, new byte[0]);
        } else {
            rows.delete(prefix + other);
        }
    }

    public void deleteAll() {
        rows.keys(prefix).forEach(rows::delete);
        rows.delete(old);
    }

    private Users ofOldRow() {
        byte[] row = rows.get(old);
        try {
            return row == null ? Users.getDefaultInstance() : Users.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("state row cannot be read, key=" + old, e);
        }
    }
}
