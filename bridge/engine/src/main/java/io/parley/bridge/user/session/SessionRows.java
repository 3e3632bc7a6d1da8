package io.parley.bridge.user.session;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.parley.bridge.Rows;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.Ending;
import io.parley.bridge.state.LastSession;
import io.parley.bridge.user.EndedSession;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.subscription.FilterRows;
import io.parley.protocol.UserId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sessions of a user's devices: a row each, rows by the time at which something is due, and a row for each that ended and is not forgotten yet. */
public final class SessionRows {
    private static final String DEVICE = Sessions.DEVICE;
    private static final String LAST = "l|";
    private static final String TAKE_OVER_DUE = "p|";
    private static final String END_DUE = "e|";
    private static final String ENDING = "w|";

    private final UserId id;
    private final Rows rows;
    private final ConnectedRows connected;

    public SessionRows(UserId id, Rows rows) {
        this.id = id;
        this.rows = rows;
        this.connected = new ConnectedRows(id, rows);
    }

    /** Without what only the rows of filters use. */
    public Map<String, Device> devices() {
        String prefix = Sessions.deviceKey(id, "");
        Map<String, Device> devices = new TreeMap<>();
        for (String key : rows.keys(prefix)) {
            Device device = device(key);
            if (device != null) {
                devices.put(
                        key.substring(prefix.length()),
                        device.toBuilder().clearFilters().build());
            }
        }
        return devices;
    }

    /** The highest number of a session so far. */
    public long last() {
        return lastRow().getSession();
    }

    private LastSession lastRow() {
        LastSession last = get(LAST + id, LastSession.parser());
        return last == null ? LastSession.getDefaultInstance() : last;
    }

    public boolean isMovedKept() {
        return lastRow().getMovedKept();
    }

    public void keepMoved() {
        put(LAST + id, lastRow().toBuilder().setMovedKept(true).build());
    }

    public void put(String name, Device now) {
        String key = Sessions.deviceKey(id, name);
        Device before = device(key);
        notDue(name, before);
        connected.move(name, before, now);
        rows.put(key, withFilters(now, before).toByteArray());
        if (now.hasNewcomer()) {
            rows.put(dueKey(TAKE_OVER_DUE, now.getNewcomer().getDueMillis(), name), new byte[0]);
        }
        if (now.getEndsAtMillis() != 0) {
            rows.put(dueKey(END_DUE, now.getEndsAtMillis(), name), new byte[0]);
        }
        if (now.getSession() > last()) {
            put(LAST + id, lastRow().toBuilder().setSession(now.getSession()).build());
        }
    }

    /** The number of filters is the session's, and changes with them alone. */
    private static Device withFilters(Device now, @Nullable Device before) {
        if (before == null || before.getSession() != now.getSession()) {
            return now.toBuilder().setFilters(0).build();
        }
        return before.hasFilters()
                ? now.toBuilder().setFilters(before.getFilters()).build()
                : now;
    }

    /** The session is over. What conversations hold of it goes later, and its filters with that. */
    public void end(String name, Device device) {
        String key = Sessions.deviceKey(id, name);
        Device before = device(key);
        notDue(name, before);
        connected.move(name, before, null);
        rows.delete(key);
        if (device.getCursors()) {
            put(ENDING + id + "|" + name + "|" + device.getSession(), Ending.getDefaultInstance());
        } else {
            new FilterRows(rows, id, name, device.getSession()).deleteAll();
        }
    }

    public List<EndedSession> ended() {
        String prefix = ENDING + id + "|";
        List<EndedSession> ended = new ArrayList<>();
        for (String key : rows.keys(prefix)) {
            Ending ending = get(key, Ending.parser());
            int at = key.lastIndexOf('|');
            if (ending != null) {
                ended.add(new EndedSession(
                        key.substring(prefix.length(), at), Long.parseLong(key.substring(at + 1)), ending.getTold()));
            }
        }
        return ended;
    }

    public void told(EndedSession ended) {
        put(
                ENDING + id + "|" + ended.device() + "|" + ended.session(),
                Ending.newBuilder().setTold(ended.told()).build());
    }

    public void forgotten(EndedSession ended) {
        rows.delete(ENDING + id + "|" + ended.device() + "|" + ended.session());
    }

    public void deleteLast() {
        rows.delete(LAST + id);
    }

    /** The users of these rows with a take-over, an end, or conversations to be told of one, that is due; of each kind at most so many. */
    public static Set<UserId> due(Rows rows, long nowMillis, int limit) {
        Set<UserId> due = new LinkedHashSet<>();
        for (String family : List.of(TAKE_OVER_DUE, END_DUE)) {
            rows.keys(family, family + padded(nowMillis + 1), limit)
                    .forEach(key -> due.add(user(key, key.indexOf('|', family.length()) + 1)));
        }
        rows.keys(ENDING, ENDING + Character.MAX_VALUE, limit).forEach(key -> due.add(user(key, ENDING.length())));
        return due;
    }

    private static @Nullable Device readable(byte[] row) {
        try {
            return Device.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    /**
     * Has connections of devices known by their nodes. A row that cannot be read is left out: its user fails with whatever comes next.
     *
     * @param after the row that was looked at last; empty: none was
     * @return the last one of these; empty: there are no more
     */
    static String index(Rows rows, String after, int limit) {
        String from = after.isEmpty() ? DEVICE : after + Character.MIN_VALUE;
        List<String> keys = rows.keys(from, DEVICE + Character.MAX_VALUE, limit);
        for (String key : keys) {
            byte[] row = rows.get(key);
            UserId user = user(key, DEVICE.length());
            Device device = row == null ? null : readable(row);
            if (device != null) {
                new ConnectedRows(user, rows).add(key.substring(Sessions.deviceKey(user, "").length()), device);
            }
        }
        return keys.size() < limit ? "" : keys.get(keys.size() - 1);
    }

    private static UserId user(String key, int from) {
        return UserId.parse(key.substring(from, key.indexOf('|', from)));
    }

    private void notDue(String name, @Nullable Device device) {
        if (device == null) {
            return;
        }
        if (device.hasNewcomer()) {
            rows.delete(dueKey(TAKE_OVER_DUE, device.getNewcomer().getDueMillis(), name));
        }
        if (device.getEndsAtMillis() != 0) {
            rows.delete(dueKey(END_DUE, device.getEndsAtMillis(), name));
        }
    }

    private String dueKey(String family, long millis, String name) {
        return family + padded(millis) + "|" + id + "|" + name;
    }

    /** In the order of the numbers. */
    private static String padded(long millis) {
        String digits = Long.toString(millis);
        return "0".repeat(Math.max(15 - digits.length(), 0)) + digits;
    }

    private @Nullable Device device(String key) {
        Device device = get(key, Device.parser());
        return device == null || device.getSession() != 0 ? device : Sessions.ofOldRow(device);
    }

    private void put(String key, MessageLite row) {
        rows.put(key, row.toByteArray());
    }

    private <T> @Nullable T get(String key, Parser<T> parser) {
        byte[] row = rows.get(key);
        try {
            return row == null ? null : parser.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("state row cannot be read, key=" + key, e);
        }
    }
}
