package io.parley.bridge.user.session;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.LifeIndex;
import io.parley.bridge.OrderedKeys;
import io.parley.bridge.Rows;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.Ending;
import io.parley.bridge.state.LastSession;
import io.parley.bridge.user.Connections;
import io.parley.bridge.user.EndedSession;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserFamily;
import io.parley.bridge.user.UserRows;
import io.parley.bridge.user.UserTable;
import io.parley.bridge.user.subscription.FilterRows;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sessions of a user's devices: a row each, rows by the time at which something is due, and a row for each that ended and is not forgotten yet. */
public final class SessionRows implements UserTable {
    private final UserRows rows;

    public SessionRows(UserRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean apply(UserChange change) {
        if (change instanceof UserChange.DeviceSeen seen) {
            put(seen.name(), seen.device());
        } else if (change instanceof UserChange.SessionEnded ended) {
            end(ended.name(), ended.device());
        } else if (change instanceof UserChange.SessionTold told) {
            told(told.ended());
        } else if (change instanceof UserChange.SessionForgotten forgotten) {
            rows.delete(key(forgotten.ended().device(), forgotten.ended().session()));
        } else if (change instanceof UserChange.Subscribed subscribed) {
            filters(subscribed.device(), subscribed.session()).put(subscribed.subscription());
        } else if (change instanceof UserChange.Unsubscribed unsubscribed) {
            filters(unsubscribed.device(), unsubscribed.session()).delete(unsubscribed.filter());
        } else if (change instanceof UserChange.Erased) {
            rows.delete(rows.key(UserFamily.LAST_SESSION));
        } else {
            return false;
        }
        return true;
    }

    /** The filters of a session. */
    public FilterRows filters(String device, long session) {
        return new FilterRows(rows.all(), rows.id(), device, session);
    }

    /** Without what only the rows of filters use. */
    public Map<String, Device> devices() {
        String prefix = Sessions.deviceKey(rows.id(), "");
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
        return rows.get(rows.key(UserFamily.LAST_SESSION), LastSession.parser(), LastSession.getDefaultInstance());
    }

    private void put(String name, Device now) {
        String key = Sessions.deviceKey(rows.id(), name);
        Device before = device(key);
        notDue(name, before);
        index(new LifeIndex(rows.all()), rows.id() + "|" + name, before, now);
        rows.put(key, withFilters(now, before));
        if (now.hasNewcomer()) {
            rows.putEmpty(dueKey(UserFamily.TAKE_OVER_DUE, now.getNewcomer().getDueMillis(), name));
        }
        if (now.getEndsAtMillis() != 0) {
            rows.putEmpty(dueKey(UserFamily.END_DUE, now.getEndsAtMillis(), name));
        }
        if (now.getSession() > last()) {
            rows.put(
                    rows.key(UserFamily.LAST_SESSION),
                    lastRow().toBuilder().setSession(now.getSession()).build());
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
    private void end(String name, Device device) {
        String key = Sessions.deviceKey(rows.id(), name);
        Device before = device(key);
        notDue(name, before);
        index(new LifeIndex(rows.all()), rows.id() + "|" + name, before, Device.getDefaultInstance());
        rows.delete(key);
        if (device.getCursors()) {
            rows.put(key(name, device.getSession()), Ending.getDefaultInstance());
        } else {
            filters(name, device.getSession()).deleteAll();
        }
    }

    public List<EndedSession> ended() {
        String prefix = rows.key(UserFamily.ENDING, "");
        List<EndedSession> ended = new ArrayList<>();
        for (String key : rows.keys(prefix)) {
            Ending ending = rows.get(key, Ending.parser());
            int at = key.lastIndexOf('|');
            if (ending != null) {
                ended.add(new EndedSession(
                        key.substring(prefix.length(), at), Long.parseLong(key.substring(at + 1)), ending.getTold()));
            }
        }
        return ended;
    }

    private void told(EndedSession ended) {
        rows.put(
                key(ended.device(), ended.session()),
                Ending.newBuilder().setTold(ended.told()).build());
    }

    private String key(String device, long session) {
        return rows.key(UserFamily.ENDING, device, Long.toString(session));
    }

    /** The users of these rows with a take-over, an end, or conversations to be told of one, that is due; of each kind at most so many. */
    public static Set<UserId> due(Rows rows, long nowMillis, int limit) {
        Set<UserId> due = new LinkedHashSet<>();
        for (UserFamily family : List.of(UserFamily.TAKE_OVER_DUE, UserFamily.END_DUE)) {
            due.addAll(OrderedKeys.usersDue(rows, family.prefix(), nowMillis, limit));
        }
        String ending = UserFamily.ENDING.prefix();
        rows.keys(ending, ending + Character.MAX_VALUE, limit)
                .forEach(key ->
                        due.add(UserId.parse(key.substring(ending.length(), key.indexOf('|', ending.length())))));
        return due;
    }

    /** Indexes the connections of some rows that are older than the index; whether there are more. */
    public static boolean indexOld(Rows rows, int limit) {
        LifeIndex index = new LifeIndex(rows);
        String devices = UserFamily.DEVICE.prefix();
        return index.indexOld(devices, limit, (key, row) -> {
            try {
                index(index, key.substring(devices.length()), null, Device.parseFrom(row));
            } catch (InvalidProtocolBufferException unreadable) {
                // Whoever asks for what the row tells is told that it cannot be read.
            }
        });
    }

    /** Where the device, and what asks for its session, is connected. */
    private static void index(LifeIndex index, String connection, @Nullable Device before, Device now) {
        Set<Node> old = before == null ? Set.of() : lives(before);
        Set<Node> lives = lives(now);
        old.stream()
                .filter(life -> !lives.contains(life))
                .forEach(life -> index.remove(life.getSlot(), life.getEpoch(), connection));
        lives.stream()
                .filter(life -> !old.contains(life))
                .forEach(life -> index.add(life.getSlot(), life.getEpoch(), connection));
    }

    private static Set<Node> lives(Device device) {
        Set<Node> lives = new HashSet<>();
        if (Connections.isConnected(device)) {
            lives.add(Node.newBuilder()
                    .setSlot(device.getSlot())
                    .setEpoch(device.getEpoch())
                    .build());
        }
        if (device.hasNewcomer()) {
            lives.add(Node.newBuilder()
                    .setSlot(device.getNewcomer().getSlot())
                    .setEpoch(device.getNewcomer().getEpoch())
                    .build());
        }
        return lives;
    }

    private void notDue(String name, @Nullable Device device) {
        if (device == null) {
            return;
        }
        if (device.hasNewcomer()) {
            rows.delete(dueKey(UserFamily.TAKE_OVER_DUE, device.getNewcomer().getDueMillis(), name));
        }
        if (device.getEndsAtMillis() != 0) {
            rows.delete(dueKey(UserFamily.END_DUE, device.getEndsAtMillis(), name));
        }
    }

    private String dueKey(UserFamily family, long millis, String name) {
        return family.prefix() + OrderedKeys.time(millis) + "|" + rows.id() + "|" + name;
    }

    private @Nullable Device device(String key) {
        Device device = rows.get(key, Device.parser());
        return device == null || device.getSession() != 0 ? device : Sessions.ofOldRow(device);
    }
}
