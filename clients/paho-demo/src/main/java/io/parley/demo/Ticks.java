package io.parley.demo;

import io.parley.protocol.wire.Receipt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** How far one's own messages in a conversation have come: sent, delivered to every other member, read by them. Not thread-safe. */
final class Ticks {
    static final String SENT = "✓";
    static final String DELIVERED = "✓✓";
    static final String READ = "✓✓ read";

    private final TreeMap<Integer, String> said = new TreeMap<>();
    private final Map<String, Receipt> pointers = new HashMap<>();

    /** A message of one's own has its place, or other words now. */
    void said(int seq, String text) {
        said.put(seq, text);
    }

    void deleted(int seq) {
        said.remove(seq);
    }

    /** The last message of one's own; 0 when none is known. */
    int last() {
        return said.isEmpty() ? 0 : said.lastKey();
    }

    /** A user's pointers. */
    Receipt of(String user) {
        return pointers.getOrDefault(user, Receipt.getDefaultInstance());
    }

    /** The mark of the message with that seq. */
    String mark(int seq, Set<String> others) {
        if (lowest(others, Receipt::getRead) >= seq) {
            return READ;
        }
        return lowest(others, Receipt::getDelivered) >= seq ? DELIVERED : SENT;
    }

    /** Takes pointers, and says in lines what that means for one's own messages; mostly nothing. */
    List<String> moved(List<Receipt> told, Set<String> others) {
        int deliveredBefore = ownUpTo(lowest(others, Receipt::getDelivered));
        int readBefore = ownUpTo(lowest(others, Receipt::getRead));
        List<String> readers = new ArrayList<>();
        int readUpTo = 0;
        for (Receipt receipt : told) {
            int before = ownUpTo(of(receipt.getUser()).getRead());
            pointers.merge(receipt.getUser(), receipt, Ticks::later);
            int now = ownUpTo(receipt.getRead());
            if (others.contains(receipt.getUser()) && now > before) {
                readers.add(receipt.getUser());
                readUpTo = Math.max(readUpTo, now);
            }
        }
        List<String> lines = new ArrayList<>();
        int readByAll = ownUpTo(lowest(others, Receipt::getRead));
        int delivered = ownUpTo(lowest(others, Receipt::getDelivered));
        if (delivered > deliveredBefore && delivered > Math.max(readByAll, readUpTo)) {
            lines.add(DELIVERED + " delivered" + upTo(delivered));
        }
        if (readByAll > readBefore && others.size() > 1) {
            lines.add(READ + " by all" + upTo(readByAll));
        } else if (!readers.isEmpty()) {
            lines.add(READ + " by " + String.join(", ", readers) + upTo(readUpTo));
        }
        return lines;
    }

    private String upTo(int seq) {
        return " (up to " + ChatScreen.quote(said.getOrDefault(seq, "")) + ")";
    }

    private int ownUpTo(int seq) {
        Integer own = said.floorKey(seq);
        return own == null ? 0 : own;
    }

    private int lowest(Set<String> others, ToIntFunction<Receipt> pointer) {
        return others.stream().map(this::of).mapToInt(pointer).min().orElse(0);
    }

    /** Pointers only move forward; a 0 is one that is not shown. */
    private static Receipt later(Receipt before, Receipt now) {
        return now.toBuilder()
                .setDelivered(Math.max(before.getDelivered(), now.getDelivered()))
                .setRead(Math.max(before.getRead(), now.getRead()))
                .build();
    }
}
