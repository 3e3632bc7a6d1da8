package io.parley.gateway.delivering;

import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.log.Attach;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What one connection read, when it typed, and of what it missed signals. On its shard. */
final class Signals {
    private static final long TYPING_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long SHOWN_NANOS = TimeUnit.SECONDS.toNanos(6);
    private static final int ASKED_AGAIN = 20;

    /** When the others were told last that the user types, and whether they still see it. */
    private record Typed(long nanos, boolean shown) {}

    private final Map<ConversationId, Integer> read = new HashMap<>();
    /** In the order of their beginnings. */
    private final Map<ConversationId, Typed> typed = new LinkedHashMap<>();

    private final Set<ConversationId> missed = new HashSet<>();

    /** An attach that asks for the state of these feeds. */
    static Attach.Builder attach(Set<Feed> wanted) {
        return Attach.newBuilder()
                .setReceipts(wanted.contains(Feed.RECEIPT))
                .setPresence(wanted.contains(Feed.PRESENCE));
    }

    /** The user read up to there. */
    void read(ConversationId conversation, int seq) {
        read.merge(conversation, seq, Math::max);
    }

    /** What was read since the last time. */
    void report(CursorReports reports, DeviceSession session) {
        read.forEach((conversation, seq) -> reports.addRead(conversation, session, seq));
        read.clear();
    }

    /** Whether the others are to be told: a beginning once in two seconds, and the end of each that they were told, once. */
    boolean passes(ConversationId conversation, boolean typing, long nowNanos) {
        forgetTyped(nowNanos);
        Typed last = typed.get(conversation);
        if (typing && (last == null || nowNanos - last.nanos() >= TYPING_NANOS)) {
            typed.remove(conversation);
            typed.put(conversation, new Typed(nowNanos, true));
            return true;
        }
        if (!typing && last != null && last.shown()) {
            // The two seconds go on: an end is no licence for the next beginning.
            typed.put(conversation, new Typed(last.nanos(), false));
            return true;
        }
        return false;
    }

    private void forgetTyped(long nowNanos) {
        Iterator<Typed> oldest = typed.values().iterator();
        while (oldest.hasNext() && nowNanos - oldest.next().nanos() > SHOWN_NANOS) {
            oldest.remove();
        }
    }

    /** The transport took no bytes when something was to be told. */
    void missed(ConversationId conversation) {
        missed.add(conversation);
    }

    /** Some of the conversations whose state is to be asked for again. */
    List<ConversationId> takeMissed() {
        List<ConversationId> some = missed.stream().limit(ASKED_AGAIN).toList();
        some.forEach(missed::remove);
        return some;
    }
}
