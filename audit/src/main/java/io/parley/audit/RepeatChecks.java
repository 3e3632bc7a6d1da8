package io.parley.audit;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Finds entries that come again on a later connection although their acknowledgement must have been durable. */
final class RepeatChecks {
    /** An acknowledgement is durable within a second; the rest is for a machine that is busy. */
    private static final long DURABLE_NANOS = Duration.ofSeconds(2).toNanos();

    private record Connection(String device, int number) {}

    private record Place(String device, int seq) {}

    private final Connections connections;
    private final Findings findings;
    /** The first connection on which an entry was acknowledged early enough before the cut. */
    private final Map<Place, Integer> durableSince = new HashMap<>();

    RepeatChecks(Connections connections, Findings findings) {
        this.connections = connections;
        this.findings = findings;
        Map<Connection, Long> cutNanos = new HashMap<>();
        for (Cut cut : connections.cuts()) {
            cutNanos.merge(
                    new Connection(cut.device(), cut.connection()),
                    cut.atNanos(),
                    (one, other) -> one - other < 0 ? one : other);
        }
        for (Acknowledgement one : connections.acknowledgements()) {
            Long cut = cutNanos.get(new Connection(one.device(), one.connection()));
            if (cut != null && cut - one.atNanos() > DURABLE_NANOS) {
                durableSince.merge(new Place(one.device(), one.seq()), one.connection(), Math::min);
            }
        }
    }

    void check(Delivered delivery) {
        int seq = delivery.entry().seq();
        String what = delivery.device() + " received seq " + seq + " on its connection " + delivery.connection();
        Integer durable = durableSince.get(new Place(delivery.device(), seq));
        if (durable != null && delivery.connection() > durable) {
            findings.found(
                    Anomaly.REPEAT,
                    seq,
                    what + ", which it had acknowledged on connection " + durable + " long before that was cut");
        } else if (connections.goodbyes().stream().anyMatch(goodbye -> goodbye.forbids(delivery))) {
            findings.found(Anomaly.REPEAT, seq, what + ", which it had acknowledged before it left");
        }
    }
}
