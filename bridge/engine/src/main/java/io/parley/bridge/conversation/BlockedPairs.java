package io.parley.bridge.conversation;

import io.parley.bridge.state.Users;
import io.parley.protocol.UserId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which members of a group block which: a row for each who blocks anybody, here or elsewhere, and a row for each pair of members. */
final class BlockedPairs {
    private static final char FAMILY = 'b';

    private final ConversationRows rows;

    BlockedPairs(ConversationRows rows) {
        this.rows = rows;
    }

    /** Of each member who blocks anybody: whom of the members. */
    Map<UserId, Set<String>> all() {
        Map<UserId, Set<String>> all = new TreeMap<>();
        String prefix = rows.key(FAMILY) + "|";
        for (String key : rows.keys(rows.key(FAMILY))) {
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

    boolean blocksAny(UserId by) {
        return rows.has(marker(by));
    }

    boolean has(UserId by, String user) {
        return rows.has(pair(by, user)) || ofOldRow(marker(by)).contains(user);
    }

    void setAny(UserId by, boolean any) {
        split(by);
        if (any) {
            rows.put(marker(by), Users.getDefaultInstance());
        } else {
            rows.delete(marker(by));
        }
    }

    void set(UserId by, String user, boolean blocked) {
        split(by);
        if (blocked) {
            rows.put(pair(by, user), Users.getDefaultInstance());
        } else {
            rows.delete(pair(by, user));
        }
    }

    /** The user is no member any more: whoever of the members blocks the user is asked again if the user comes back. */
    void forget(String user) {
        rows.delete(rows.key(FAMILY, user));
        rows.keys(rows.key(FAMILY, user)).forEach(rows::delete);
        rows.keys(rows.key(FAMILY)).stream()
                .filter(key -> key.endsWith("|" + user))
                .forEach(rows::delete);
    }

    /** An older version had one row for all whom a member blocks. */
    private void split(UserId by) {
        Set<String> old = ofOldRow(marker(by));
        if (!old.isEmpty()) {
            old.forEach(user -> rows.put(pair(by, user), Users.getDefaultInstance()));
            rows.put(marker(by), Users.getDefaultInstance());
        }
    }

    private Set<String> ofOldRow(String marker) {
        return Set.copyOf(
                rows.get(marker, Users.parser(), Users.getDefaultInstance()).getUsersList());
    }

    private String marker(UserId by) {
        return rows.key(FAMILY, by.value());
    }

    private String pair(UserId by, String user) {
        return rows.key(FAMILY, by.value(), user);
    }
}
