package io.parley.demo;

import io.parley.audit.Anomaly;
import io.parley.audit.Report;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Typing;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who is there and who types in a replay, and what those who want to know it were told. Thread-safe. */
final class ReplayCompany {
    private final Map<String, Boolean> here = new HashMap<>();
    private final Map<DeviceId, Map<String, Boolean>> shown = new HashMap<>();
    private final Set<String> typists = new HashSet<>();
    private Report typingFalse = Report.clean();
    private int typingTold;

    /** The user's only device has come, or has gone in order. */
    synchronized void isHere(UserId user, boolean online) {
        here.put(user.value(), online);
    }

    /** The device is told who is there from now on: everybody, first. */
    synchronized void watches(DeviceId device) {
        shown.put(device, new HashMap<>());
    }

    /** The device is gone. */
    synchronized void watchesNoMore(DeviceId device) {
        shown.remove(device);
    }

    /** The user is about to say that they type. */
    synchronized void types(UserId user) {
        typists.add(user.value());
    }

    synchronized void told(DeviceId device, Presence presence) {
        shown.computeIfPresent(device, (key, users) -> {
            users.put(presence.getUser(), presence.getOnline());
            return users;
        });
    }

    synchronized void told(DeviceId device, Typing typing) {
        typingTold++;
        if (!typists.contains(typing.getUser())
                || typing.getUser().equals(device.user().value())) {
            typingFalse = typingFalse.plus(
                    Report.of(Anomaly.TYPING_FALSE, device + " was told that " + typing.getUser() + " types"));
        }
    }

    /** How often somebody was told that somebody types, or stopped. */
    synchronized int typingTold() {
        return typingTold;
    }

    /** Whether all who watch were told at last who is there and who is not. */
    synchronized boolean isShown() {
        return shown.values().stream().allMatch(users -> users.equals(here));
    }

    /** What was told and was not so, and if presence was to be told, who at last saw something else than what is. */
    synchronized Report report(boolean withPresence) {
        Report report = typingFalse;
        if (withPresence) {
            for (Map.Entry<DeviceId, Map<String, Boolean>> told : shown.entrySet()) {
                report = report.plus(wronglyShown(told.getKey(), told.getValue()));
            }
        }
        return report;
    }

    private Report wronglyShown(DeviceId device, Map<String, Boolean> users) {
        return here.entrySet().stream()
                .filter(user -> !user.getValue().equals(users.get(user.getKey())))
                .map(user -> Report.of(
                        Anomaly.PRESENCE_FALSE,
                        device + " was told at last that online is " + users.get(user.getKey()) + " of " + user.getKey()
                                + ", but it is " + user.getValue()))
                .reduce(Report.clean(), Report::plus);
    }
}
