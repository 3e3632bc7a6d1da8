package io.parley.bridge.user.session;

import io.parley.bridge.Rows;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.Newcomer;
import io.parley.bridge.user.Connections;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Node;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected, or waits to be, at which life of which node: a row for each, in the order of nodes and their lives, so that those whom a node
 * loses are found without looking at the others.
 */
final class ConnectedRows {
    private static final String FAMILY = "E|";
    private static final int DIGITS = 20;

    private final UserId id;
    private final Rows rows;

    ConnectedRows(UserId id, Rows rows) {
        this.id = id;
        this.rows = rows;
    }

    /** The device's row changes. */
    void move(String name, @Nullable Device before, @Nullable Device now) {
        Set<String> old = keys(name, before);
        Set<String> all = keys(name, now);
        old.stream().filter(key -> !all.contains(key)).forEach(rows::delete);
        all.stream().filter(key -> !old.contains(key)).forEach(key -> rows.put(key, new byte[0]));
    }

    /** A row of an older engine says nothing of it. */
    void add(String name, Device device) {
        keys(name, device).forEach(key -> rows.put(key, new byte[0]));
    }

    private Set<String> keys(String name, @Nullable Device device) {
        Set<String> keys = new TreeSet<>();
        if (device != null && Connections.isConnected(device)) {
            keys.add(key(device.getSlot(), device.getEpoch(), name));
        }
        if (device != null && device.hasNewcomer()) {
            Newcomer newcomer = device.getNewcomer();
            keys.add(key(newcomer.getSlot(), newcomer.getEpoch(), name));
        }
        return keys;
    }

    private String key(int slot, long epoch, String name) {
        return FAMILY + slot + "|" + padded(epoch) + "|" + id + "|" + name;
    }

    /** Users with connections at that life of the node, or at one before; at most so many rows are looked at. No row is read. */
    static Set<UserId> at(Rows rows, Node node, int limit) {
        String slot = FAMILY + node.getSlot() + "|";
        List<String> keys = rows.keys(slot, slot + padded(node.getEpoch() + 1), limit);
        Set<UserId> users = new LinkedHashSet<>();
        for (String key : keys) {
            int from = slot.length() + DIGITS + 1;
            users.add(UserId.parse(key.substring(from, key.indexOf('|', from))));
        }
        return users;
    }

    /** In the order of the numbers. */
    private static String padded(long number) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(DIGITS - digits.length(), 0)) + digits;
    }
}
