package io.parley.audit;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the anomalies in one conversation's recording. One use each. */
public final class Auditor {
    private final Recording recording;
    private final Map<String, Sent> sent = new HashMap<>();
    private final Map<Integer, Entry> known = new HashMap<>();
    private final Map<String, Integer> seqOfId = new HashMap<>();
    private Report report = Report.clean();
    private int head;

    private Auditor(Recording recording) {
        this.recording = recording;
        recording.sent().forEach(message -> sent.put(message.id(), message));
    }

    /** Compares everything with everything. */
    public static Report audit(Recording recording) {
        Auditor auditor = new Auditor(recording);
        auditor.checkHistory();
        auditor.checkLost();
        auditor.checkDeliveries();
        auditor.checkUnseen();
        new ReceiptChecks(recording.receipts(), auditor::found).check();
        new PushChecks(recording, auditor::found).check(recording.history());
        return auditor.report;
    }

    private void checkHistory() {
        int last = 0;
        for (Entry entry : recording.history()) {
            if (entry.seq() == last) {
                found(Anomaly.DUPLICATE, entry.seq(), "history has seq " + last + " twice");
            } else if (entry.seq() < last) {
                found(Anomaly.INVERSION, entry.seq(), "history has seq " + entry.seq() + " after " + last);
            } else if (entry.seq() > last + 1) {
                found(Anomaly.GAP, last + 1, "history has seq " + entry.seq() + " after " + last);
            }
            last = Math.max(last, entry.seq());
            meet(entry, "history");
        }
    }

    private void checkLost() {
        for (Sent message : recording.sent()) {
            if (message.acknowledged() && !seqOfId.containsKey(message.id())) {
                found(Anomaly.LOST, 0, "message " + message.id() + " of " + message.from());
            }
        }
    }

    /** Takes an entry as what stands at its seq, or compares it with what stands there already. */
    private void meet(Entry entry, String where) {
        head = Math.max(head, entry.seq());
        Entry before = known.putIfAbsent(entry.seq(), entry);
        if (before != null) {
            if (before.whole() != entry.whole() || !before.id().equals(entry.id())) {
                found(
                        Anomaly.DIVERGENCE,
                        entry.seq(),
                        "seq " + entry.seq() + " is " + before.id() + " for one, " + entry.id() + " for " + where
                                + (before.id().equals(entry.id()) ? ", with other bytes" : ""));
            }
            return;
        }
        if (!entry.id().isEmpty()) {
            checkOrigin(entry, where);
        }
    }

    private void checkOrigin(Entry entry, String where) {
        Integer other = seqOfId.putIfAbsent(entry.id(), entry.seq());
        if (other != null && other != entry.seq()) {
            found(
                    Anomaly.DUPLICATE,
                    entry.seq(),
                    "message " + entry.id() + " has seq " + other + " and " + entry.seq());
        }
        Sent origin = sent.get(entry.id());
        if (origin == null || (!entry.from().isEmpty() && !entry.from().equals(origin.from()))) {
            found(
                    Anomaly.PHANTOM,
                    entry.seq(),
                    "seq " + entry.seq() + " (" + entry.id() + ") from " + entry.from() + " in " + where
                            + ", which nobody sent");
        } else if (entry.body() != 0 && origin.body() != 0 && entry.body() != origin.body()) {
            found(Anomaly.DIVERGENCE, entry.seq(), "seq " + entry.seq() + " (" + entry.id() + ") is not what was sent");
        }
    }

    private void checkDeliveries() {
        Map<String, Delivered> lastOf = new HashMap<>();
        RepeatChecks repeats = new RepeatChecks(recording.connections(), this::found);
        int historyHead = head;
        for (Delivered delivery : recording.delivered()) {
            Entry entry = delivery.entry();
            if (entry.seq() > historyHead && !recording.history().isEmpty()) {
                found(
                        Anomaly.DIVERGENCE,
                        entry.seq(),
                        delivery.device() + " has seq " + entry.seq() + ", history ends at " + historyHead);
            }
            meet(entry, delivery.device());
            if (!recording.mayReceive(delivery.user(), entry.seq())) {
                found(Anomaly.LEAK, entry.seq(), delivery.device() + " received seq " + entry.seq());
            }
            checkOrder(lastOf.put(delivery.device(), delivery), delivery);
            repeats.check(delivery);
        }
    }

    private void checkOrder(@Nullable Delivered before, Delivered delivery) {
        if (before == null) {
            return;
        }
        int last = before.entry().seq();
        int seq = delivery.entry().seq();
        String what = delivery.device() + " received seq " + seq + " after " + last;
        boolean sameConnection = before.connection() == delivery.connection();
        if (sameConnection && seq == last) {
            found(Anomaly.DUPLICATE, seq, what);
        } else if (sameConnection && seq < last) {
            found(Anomaly.INVERSION, seq, what);
        } else if (seq > last + 1 && mayHaveSeen(delivery.user(), last + 1, seq - 1)) {
            found(Anomaly.GAP, last + 1, what);
        }
    }

    private boolean mayHaveSeen(String user, int first, int last) {
        return recording.memberships().stream()
                .anyMatch(member -> member.user().equals(user) && member.first() <= last && member.last() >= first);
    }

    private void checkUnseen() {
        Map<String, BitSet> seen = new LinkedHashMap<>();
        for (Delivered delivery : recording.delivered()) {
            seen.computeIfAbsent(delivery.device(), device -> new BitSet())
                    .set(delivery.entry().seq());
        }
        for (Watch watch : recording.watches()) {
            BitSet has = seen.getOrDefault(watch.device(), new BitSet());
            List<Membership> times = recording.memberships().stream()
                    .filter(member -> member.user().equals(watch.user()))
                    .toList();
            for (int seq = has.nextClearBit(watch.after() + 1); seq <= head; seq = has.nextClearBit(seq + 1)) {
                int missing = seq;
                if (known.containsKey(seq) && times.stream().anyMatch(time -> time.covers(missing))) {
                    found(Anomaly.UNSEEN, missing, watch.device() + " never received seq " + seq);
                }
            }
        }
    }

    private void found(Anomaly anomaly, int seq, String what) {
        report = report.plus(Report.of(anomaly, new Report.Example(recording.conversation(), seq, what)));
    }
}
