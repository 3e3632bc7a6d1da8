package io.parley.demo;

import io.parley.audit.Anomaly;
import io.parley.audit.Report;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Typing;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who is there and who types in a replay, and what those who want to know it were told. Thread-safe. */
final class ReplayCompany {
    private final Map<String, Boolean> here = new HashMap<>();
    private final Map<DeviceId, Map<String, Boolean>> shown = new HashMap<>();
    private final Set<String> typists = new HashSet<>();
    private final Map<Anomaly, Report.Finding> findings = new EnumMap<>(Anomaly.class);
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
            found(Anomaly.TYPING_FALSE, device + " was told that " + typing.getUser() + " types");
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
        if (withPresence) {
            shown.forEach((device, users) -> here.forEach((user, online) -> {
                if (!online.equals(users.get(user))) {
                    found(
                            Anomaly.PRESENCE_FALSE,
                            device + " was told at last that online is " + users.get(user) + " of " + user
                                    + ", but it is " + online);
                }
            }));
        }
        return new Report(findings);
    }

    private void found(Anomaly anomaly, String example) {
        findings.merge(
                anomaly,
                new Report.Finding(1, example),
                (before, more) -> new Report.Finding(before.count() + 1, before.example()));
    }
}
