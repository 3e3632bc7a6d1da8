package io.parley.audit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what is wrong with the notifications of one conversation. A notification may replace an older one that was not sent yet: so a message that no
 * notification told of is missing only if nothing newer was accepted for the same token.
 */
final class PushChecks {
    private final Recording recording;
    private final Findings findings;
    private final Map<String, TreeSet<Integer>> acceptedOf = new HashMap<>();

    PushChecks(Recording recording, Findings findings) {
        this.recording = recording;
        this.findings = findings;
    }

    /** @param messages what history shows */
    void check(List<Entry> messages) {
        Set<Pushed> before = new HashSet<>();
        for (Pushed pushed : recording.pushes().accepted()) {
            if (!before.add(pushed) && !recording.pushes().mayRepeat()) {
                findings.found(
                        Anomaly.PUSHED_TWICE,
                        pushed.seq(),
                        pushed.token() + " was notified twice of seq " + pushed.seq());
            }
            acceptedOf.computeIfAbsent(pushed.token(), token -> new TreeSet<>()).add(pushed.seq());
        }
        recording.pushes().watches().forEach(watch -> check(watch, messages));
    }

    private void check(PushWatch watch, List<Entry> messages) {
        TreeSet<Integer> accepted = acceptedOf.getOrDefault(watch.token(), new TreeSet<>());
        for (int seq : accepted) {
            if (!recording.mayReceive(watch.user(), seq)) {
                findings.found(Anomaly.LEAK, seq, watch.token() + " was notified of seq " + seq);
            }
        }
        for (Entry message : messages) {
            boolean owed = message.seq() > watch.after()
                    && !message.id().isEmpty()
                    && !message.from().equals(watch.user())
                    && recording.mayReceive(watch.user(), message.seq());
            if (owed && accepted.ceiling(message.seq()) == null) {
                findings.found(
                        Anomaly.NOT_PUSHED,
                        message.seq(),
                        watch.token() + " was not notified of seq " + message.seq() + ", nor of a newer one");
            }
        }
    }
}
