package io.parley.audit;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Finds what is wrong with the receipts of one conversation. */
final class ReceiptChecks {
    /** Who was told, about whom. */
    private record Pair(String device, String user) {}

    private final Receipts receipts;
    private final Findings findings;
    private final Map<Pair, Pointers> last = new HashMap<>();

    ReceiptChecks(Receipts receipts, Findings findings) {
        this.receipts = receipts;
        this.findings = findings;
    }

    void check() {
        receipts.told().forEach(this::checkTold);
        Map<String, Pointers> reached = new TreeMap<>(receipts.reached());
        for (String device : receipts.informed()) {
            reached.forEach((user, pointers) -> checkEnd(new Pair(device, user), pointers));
        }
    }

    private void checkTold(Told told) {
        String what = told.device() + " was told of " + told.user() + ": " + told.told();
        Pointers before = last.put(new Pair(told.device(), told.user()), told.told());
        if (before != null && told.told().isBehind(before)) {
            findings.found(Anomaly.RECEIPT_BACK, seq(told.told()), what + ", after " + before);
        }
        if (told.possible().isBehind(told.told())) {
            findings.found(Anomaly.RECEIPT_FALSE, seq(told.told()), what + ", but it was " + told.possible());
        }
    }

    private void checkEnd(Pair pair, Pointers reached) {
        Pointers told = last.getOrDefault(pair, Pointers.NONE);
        if (told.isBehind(reached)) {
            findings.found(
                    Anomaly.RECEIPT_MISSING,
                    seq(reached),
                    pair.device() + " was told of " + pair.user() + " at last: " + told + ", but it is " + reached);
        }
    }

    private static int seq(Pointers pointers) {
        return Math.max(pointers.delivered(), pointers.read());
    }
}
