package io.parley.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
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
    private final List<Acknowledgement> acknowledgements = new ArrayList<>();
    private final List<Cut> cuts = new ArrayList<>();
    private final List<Goodbye> goodbyes = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();
    private final Map<String, Pointers> reached = new HashMap<>();
    private final Map<String, Map<String, Pointers>> informed = new LinkedHashMap<>();
    private final List<Pushed> pushed = new ArrayList<>();
    private final List<PushWatch> pushWatches = new ArrayList<>();
    private boolean pushesMayRepeat;

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

    /** A device has received an entry, and is about to acknowledge it. */
    public synchronized void delivered(Delivered delivery) {
        delivered.add(delivery);
        receiving(delivery.user(), delivery.entry().seq());
    }

    /** A device of the user has received everything up to {@code seq}, and is about to acknowledge it. */
    public synchronized void receiving(String user, int seq) {
        reached.merge(user, new Pointers(seq, 0), Pointers::plus);
    }

    /** A device of the user is about to say that everything up to {@code seq} was read, which it has. */
    public synchronized void reading(String user, int seq) {
        reached.merge(user, new Pointers(seq, seq), Pointers::plus);
    }

    /** The device wants receipts, and is to be told how far everybody comes. */
    public synchronized void wantsReceipts(String device) {
        informed.put(device, new HashMap<>());
    }

    /** A device that wants receipts was told a user's pointers. */
    public synchronized void told(String device, String user, Pointers pointers) {
        told.add(new Told(device, user, pointers, reached.getOrDefault(user, Pointers.NONE)));
        informed.getOrDefault(device, new HashMap<>()).put(user, pointers);
    }

    /** Whether every device that wants receipts was told how far everybody has come until now. */
    public synchronized boolean isEverybodyInformed() {
        return informed.values().stream().allMatch(pointers -> pointers.equals(reached));
    }

    public synchronized void member(Membership membership) {
        memberships.add(membership);
    }

    public synchronized void watch(Watch watch) {
        watches.add(watch);
    }

    /** A device has acknowledged an entry. */
    public synchronized void acknowledgement(Acknowledgement acknowledgement) {
        acknowledgements.add(acknowledgement);
    }

    /** A connection has ended; calls after the first for the same connection change nothing. */
    public synchronized void cut(Cut cut) {
        cuts.add(cut);
    }

    /** A connection has ended in order. */
    public synchronized void goodbye(Goodbye goodbye) {
        goodbyes.add(goodbye);
    }

    /** A push provider has accepted a notification. */
    public synchronized void pushed(Pushed one) {
        pushed.add(one);
    }

    /** A device is away and must be notified from now on. */
    public synchronized void pushWatch(PushWatch watch) {
        pushWatches.add(watch);
    }

    /** The push service was struck: what it held may be sent again. */
    public synchronized void pushesMayRepeat() {
        pushesMayRepeat = true;
    }

    /** All that was recorded until now, and what history shows. */
    public synchronized Recording finish(List<Entry> history) {
        return new Recording(
                conversation,
                List.copyOf(sent.values()),
                // What an old connection still held may have been recorded after the first of a new one.
                delivered.stream()
                        .sorted(Comparator.comparingInt(Delivered::connection))
                        .toList(),
                history,
                memberships,
                watches,
                new Connections(acknowledgements, cuts, goodbyes),
                new Receipts(told, reached, List.copyOf(informed.keySet())),
                new Pushes(pushed, pushWatches, pushesMayRepeat));
    }
}
