package io.parley.archiver;

import io.parley.protocol.ConversationId;
import io.parley.protocol.log.PointersMoved;
import io.parley.storage.LoggedEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What is to be written of one conversation, in the order of the log, and what is being written of it. */
final class Chain {
    private static final int PORTION_ITEMS = 1000;
    private static final int PORTION_BYTES = 1024 * 1024;
    private static final long FIRST_RETRY_MILLIS = 100;
    private static final long LONGEST_RETRY_MILLIS = 2000;

    private final ConversationId conversation;
    private final Deque<Item> waiting = new ArrayDeque<>();
    /** Where items were let go: there is to be read again when the chain goes on. */
    private final Set<Unfinished> cut = new LinkedHashSet<>();

    private List<Item> portion = List.of();
    private long begunNanos;
    private long dueNanos;
    private int failures;
    /** The next one at a time, to find the one that does not go. */
    private int singly;

    Chain(ConversationId conversation) {
        this.conversation = conversation;
    }

    ConversationId conversation() {
        return conversation;
    }

    /** Returns whether the item is kept; otherwise it was let go. */
    boolean add(Item item) {
        if (!cut.isEmpty()) {
            // What came before was let go, and has to be written before.
            letGo(item);
            return false;
        }
        waiting.add(item);
        return true;
    }

    boolean isIdle() {
        return portion.isEmpty() && waiting.isEmpty();
    }

    boolean isFailing() {
        return failures > 0;
    }

    int failures() {
        return failures;
    }

    long dueNanos() {
        return dueNanos;
    }

    /** Whether a portion has been under way since before that time, failures included. */
    boolean isHeldSince(long nanos) {
        return !portion.isEmpty() && begunNanos - nanos < 0;
    }

    /** The portion to write now: the one that failed, or the next. */
    List<Item> portion(long nowNanos) {
        if (portion.isEmpty()) {
            portion = nextPortion();
            begunNanos = nowNanos;
        }
        return portion;
    }

    private List<Item> nextPortion() {
        List<Item> next = new ArrayList<>();
        int most = singly > 0 ? 1 : PORTION_ITEMS;
        singly = Math.max(0, singly - 1);
        int bytes = 0;
        while (!waiting.isEmpty() && next.size() < most && bytes < PORTION_BYTES) {
            Item item = waiting.remove();
            bytes += item.bytes();
            next.add(item);
        }
        return next;
    }

    /** The portion is written, or buried. */
    void written() {
        portion.forEach(item -> item.partition().finish(item.place().offset()));
        portion = List.of();
        failures = 0;
    }

    /** The portion was not taken; it is due again later each time. */
    void failed(long nowNanos) {
        long millis = Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(failures, 5));
        failures++;
        dueNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** The portion is to be written item by item. */
    void split() {
        singly = portion.size();
        for (int i = portion.size() - 1; i >= 0; i--) {
            waiting.addFirst(portion.get(i));
        }
        portion = List.of();
        failures = 0;
    }

    /** Lets go what waits. Returns the items. */
    List<Item> letGo() {
        List<Item> gone = List.copyOf(waiting);
        gone.forEach(this::letGo);
        waiting.clear();
        return gone;
    }

    private void letGo(Item item) {
        item.partition().cut(item.place().offset());
        cut.add(item.partition());
    }

    /** Takes out where to read again, now that the chain goes on. */
    Set<Unfinished> again() {
        Set<Unfinished> again = Set.copyOf(cut);
        cut.clear();
        return again;
    }

    /** Forgets what waits of a partition from an offset on. Returns the items. */
    List<Item> forget(Unfinished partition, long from) {
        List<Item> gone = waiting.stream()
                .filter(item -> item.partition() == partition && item.place().offset() >= from)
                .toList();
        waiting.removeIf(gone::contains);
        return gone;
    }

    static List<LoggedEvent> events(List<Item> items) {
        return items.stream().map(Item::event).filter(Objects::nonNull).toList();
    }

    static List<PointersMoved> pointers(List<Item> items) {
        return items.stream().map(Item::pointers).filter(Objects::nonNull).toList();
    }
}
