package io.parley.bench.connecting;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How CONNECTs were answered. Thread-safe. */
final class Tally {
    private final Map<Integer, Integer> refused = new TreeMap<>();
    private final AtomicInteger withoutSession = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();

    /** CONNACK with success. */
    void accepted(boolean sessionPresent) {
        if (!sessionPresent) {
            withoutSession.incrementAndGet();
        }
    }

    /** CONNACK with another code. */
    synchronized void refused(int code) {
        refused.merge(code, 1, Integer::sum);
    }

    /** No CONNACK: nobody listens, the connection ended, or nothing came in time. */
    void unanswered() {
        unanswered.incrementAndGet();
    }

    int withoutSession() {
        return withoutSession.get();
    }

    /** Whether nobody was refused, and each session was there. */
    synchronized boolean isClean() {
        return refused.isEmpty() && withoutSession.get() == 0;
    }

    synchronized void put(ObjectNode root) {
        root.put("withoutSession", withoutSession.get());
        ObjectNode codes = root.putObject("refused");
        refused.forEach((code, times) -> codes.put(hexadecimal(code), times));
        root.put("unanswered", unanswered.get());
    }

    synchronized String describe() {
        StringBuilder text = new StringBuilder();
        line(text, "session missing", withoutSession.get());
        refused.forEach((code, times) -> text.append(
                String.format(Locale.ROOT, "refused                %-10s %8d%n", hexadecimal(code), times)));
        return text.append("attempts unanswered    ")
                .append(unanswered.get())
                .append('\n')
                .toString();
    }

    /** Adds a line about what should not be; none if it is not. */
    static void line(StringBuilder text, String what, long count) {
        if (count > 0) {
            text.append(String.format(Locale.ROOT, "%-22s %d%n", what, count));
        }
    }

    private static String hexadecimal(int code) {
        return String.format(Locale.ROOT, "0x%02X", code);
    }
}
