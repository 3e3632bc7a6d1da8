package io.parley.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The recording of a platform that keeps every promise, drawn from a seed: a group of which one member comes and goes, six devices whose
 * connections are cut, repeats after a cut as they are allowed, receipts, and a member who is away and notified. All parts are lists that a test may spoil.
 */
final class PlayedRun {
    static final String GUEST = "carol";
    static final String OUTSIDER = "mallory";
    static final String AWAY = "dave";
    static final String TOKEN = "token-of-dave";

    private static final List<String> STAYING = List.of("alice", "bob");
    private static final int ENTRIES = 60;
    private static final int ONE_IN_CUTS = 12;
    private static final int ONE_IN_TURNS = 10;

    /** A device that is connected now. */
    private static final class Desk {
        final String user;
        final String name;
        int connection = 1;
        int has;

        Desk(String user, String name) {
            this.user = user;
            this.name = name;
        }
    }

    final List<Sent> sent = new ArrayList<>();
    final List<Delivered> delivered = new ArrayList<>();
    final List<Entry> history = new ArrayList<>();
    final List<Membership> members = new ArrayList<>();
    final List<Watch> watches = new ArrayList<>();
    final List<Acknowledgement> acknowledgements = new ArrayList<>();
    final List<Cut> cuts = new ArrayList<>();
    final List<Told> told = new ArrayList<>();
    final List<Pushed> pushed = new ArrayList<>();
    private final Map<String, Pointers> reached = new HashMap<>();
    private final List<Desk> desks = new ArrayList<>();
    private final Random random;
    private int guestSince;

    PlayedRun(long seed) {
        random = Seeds.random(seed);
        STAYING.forEach(user -> {
            desks.add(new Desk(user, user + "/phone"));
            desks.add(new Desk(user, user + "/web"));
            members.add(new Membership(user, 1, Integer.MAX_VALUE));
        });
        members.add(new Membership(AWAY, 1, Integer.MAX_VALUE));
        desks.add(new Desk(GUEST, GUEST + "/phone"));
        desks.add(new Desk(GUEST, GUEST + "/web"));
        desks.forEach(desk -> watches.add(new Watch(desk.name, desk.user, 0)));
        for (int seq = 1; seq <= ENTRIES; seq++) {
            step(seq);
        }
        if (guestSince > 0) {
            members.add(new Membership(GUEST, guestSince, Integer.MAX_VALUE));
        }
        Pushed last = new Pushed(TOKEN, lastMessage());
        if (!pushed.contains(last)) {
            pushed.add(last);
        }
    }

    private void step(int seq) {
        boolean turn = seq == 5 || (seq > 5 && random.nextInt(ONE_IN_TURNS) == 0);
        Entry entry = turn ? new Entry(seq, "", "alice", 0, seq * 31L) : message(seq);
        history.add(entry);
        if (turn && guestSince == 0) {
            guestSince = seq;
        }
        for (Desk desk : desks) {
            if (!desk.user.equals(GUEST) || guestSince > 0) {
                cutSometimes(desk, seq);
                deliver(desk, entry);
            }
        }
        if (turn && guestSince > 0 && guestSince < seq) {
            members.add(new Membership(GUEST, guestSince, seq));
            guestSince = 0;
        }
        told.add(new Told("alice/phone", "bob", pointers("bob"), pointers("bob")));
        if (!turn && random.nextInt(3) > 0) {
            pushed.add(new Pushed(TOKEN, seq));
        }
    }

    private Entry message(int seq) {
        String from = STAYING.get(random.nextInt(STAYING.size()));
        sent.add(new Sent("m" + seq, from, random.nextInt(5) > 0, seq * 7L));
        return new Entry(seq, "m" + seq, from, seq * 7L, seq * 31L);
    }

    /** What was acknowledged in the last two seconds before the cut may come again: from somewhere there on. */
    private void cutSometimes(Desk desk, int seq) {
        if (desk.has == 0 || random.nextInt(ONE_IN_CUTS) > 0) {
            return;
        }
        cuts.add(new Cut(desk.name, desk.connection, TimeUnit.SECONDS.toNanos(seq)));
        desk.connection++;
        int from = Math.max(desk.user.equals(GUEST) ? guestSince : 1, seq - random.nextInt(3));
        history.stream()
                .filter(entry -> entry.seq() >= from && entry.seq() <= desk.has)
                .forEach(entry -> deliver(desk, entry));
    }

    private void deliver(Desk desk, Entry entry) {
        delivered.add(new Delivered(desk.name, desk.user, desk.connection, entry));
        long atNanos = TimeUnit.SECONDS.toNanos(entry.seq());
        acknowledgements.add(new Acknowledgement(desk.name, desk.connection, entry.seq(), atNanos));
        desk.has = Math.max(desk.has, entry.seq());
        reached.merge(desk.user, new Pointers(entry.seq(), entry.seq()), Pointers::plus);
    }

    private Pointers pointers(String user) {
        return reached.getOrDefault(user, Pointers.NONE);
    }

    private int lastMessage() {
        return history.stream()
                .filter(entry -> !entry.id().isEmpty())
                .mapToInt(Entry::seq)
                .max()
                .orElseThrow();
    }

    Random random() {
        return random;
    }

    Recording recording() {
        Map<String, Pointers> bob = new LinkedHashMap<>();
        bob.put("bob", pointers("bob"));
        return new Recording(
                "team",
                sent,
                delivered,
                history,
                members,
                watches,
                new Connections(acknowledgements, cuts, List.of()),
                new Receipts(told, bob, List.of("alice/phone")),
                new Pushes(
                        pushed,
                        List.of(new PushWatch(TOKEN, AWAY, 0), new PushWatch("token-of-mallory", OUTSIDER, 0)),
                        false));
    }
}
