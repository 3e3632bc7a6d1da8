package io.parley.bridge.conversation.blocking;

import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.Users;
import io.parley.protocol.UserId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which members of a group block which: a row for each who blocks anybody, here or elsewhere, and two rows for each pair of members, one in the order of each. So
 * what is known of one member is found without looking at the others. A pair of an older version has one row: it stays until the one who blocks unblocks, or leaves.
 */
public final class BlockedPairs implements Table {
    private final ConversationRows rows;

    public BlockedPairs(ConversationRows rows) {
        this.rows = rows;
    }

    /** Of each member who blocks anybody: whom of the members. */
    public Map<UserId, Set<String>> all() {
        Map<UserId, Set<String>> all = new TreeMap<>();
        String prefix = rows.key(RowFamily.BLOCKING) + "|";
        for (String key : rows.keys(rows.key(RowFamily.BLOCKING))) {
            String rest = key.substring(prefix.length());
            int bar = rest.indexOf('|');
            if (bar < 0) {
                all.computeIfAbsent(UserId.parse(rest), by -> new TreeSet<>()).addAll(ofOldRow(key));
            } else {
                all.computeIfAbsent(UserId.parse(rest.substring(0, bar)), by -> new TreeSet<>())
                        .add(rest.substring(bar + 1));
            }
        }
        return all;
    }

    public boolean blocksAny(UserId by) {
        return rows.has(marker(by));
    }

    public boolean has(UserId by, String user) {
        return rows.has(pair(by, user)) || ofOldRow(marker(by)).contains(user);
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.PairBlocked pair) {
            set(pair.by(), pair.user(), pair.blocked());
        } else if (change instanceof Change.BlocksAny any) {
            setAny(any.by(), any.any());
        } else {
            return false;
        }
        return true;
    }

    private void setAny(UserId by, boolean any) {
        split(by);
        if (any) {
            rows.put(marker(by), Users.getDefaultInstance());
        } else {
            rows.delete(marker(by));
        }
    }

    private void set(UserId by, String user, boolean blocked) {
        split(by);
        if (blocked) {
            put(by.value(), user);
        } else {
            delete(by.value(), user);
        }
    }

    private void put(String by, String user) {
        rows.put(rows.key(RowFamily.BLOCKING, by, user), Users.getDefaultInstance());
        rows.put(rows.key(RowFamily.BLOCKED_BY, user, by), Users.getDefaultInstance());
    }

    private void delete(String by, String user) {
        rows.delete(rows.key(RowFamily.BLOCKING, by, user));
        rows.delete(rows.key(RowFamily.BLOCKED_BY, user, by));
    }

    /** Whoever of the members blocks the user is asked again if the user comes back. */
    @Override
    public void parted(String user) {
        rows.delete(rows.key(RowFamily.BLOCKING, user));
        others(RowFamily.BLOCKING, user).forEach(other -> delete(user, other));
        others(RowFamily.BLOCKED_BY, user).forEach(by -> delete(by, user));
    }

    /** With whom the user is in a pair. */
    private List<String> others(RowFamily family, String user) {
        String prefix = rows.key(family, user);
        return rows.keys(prefix).stream()
                .map(key -> key.substring(prefix.length() + 1))
                .toList();
    }

    /** An older version had one row for all whom a member blocks. */
    private void split(UserId by) {
        Set<String> old = ofOldRow(marker(by));
        if (!old.isEmpty()) {
            old.forEach(user -> put(by.value(), user));
            rows.put(marker(by), Users.getDefaultInstance());
        }
    }

    private Set<String> ofOldRow(String marker) {
        return Set.copyOf(
                rows.get(marker, Users.parser(), Users.getDefaultInstance()).getUsersList());
    }

    private String marker(UserId by) {
        return rows.key(RowFamily.BLOCKING, by.value());
    }

    private String pair(UserId by, String user) {
        return rows.key(RowFamily.BLOCKING, by.value(), user);
    }
}
