package io.parley.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects one conversation's recording while it happens. Thread-safe; calls of one device must come from one thread at a time. */
public final class Recorder {
    private final String conversation;
    private final Map<String, Sent> sent = new LinkedHashMap<>();
    private final List<Delivered> delivered = new ArrayList<>();
    private final List<Membership> memberships = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();

    public Recorder(String conversation) {
        this.conversation = conversation;
    }

    /** A device is about to publish a message; once more for a repeat changes nothing. */
    public synchronized void sending(String id, String from, long body) {
        sent.putIfAbsent(id, new Sent(id, from, false, body));
    }

    /** The message's PUBACK has come. */
    public synchronized void acknowledged(String id) {
        sent.computeIfPresent(id, (key, message) -> new Sent(id, message.from(), true, message.body()));
    }

    public synchronized void delivered(Delivered delivery) {
        delivered.add(delivery);
    }

    public synchronized void member(Membership membership) {
        memberships.add(membership);
    }

    public synchronized void watch(Watch watch) {
        watches.add(watch);
    }

    /** All that was recorded until now, and what history shows. */
    public synchronized Recording finish(List<Entry> history) {
        return new Recording(conversation, List.copyOf(sent.values()), delivered, history, memberships, watches);
    }
}
