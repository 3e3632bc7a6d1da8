package io.parley.delivery;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.Feed;
import io.parley.protocol.log.Attach;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What one connection read, when it typed, and of what it missed signals. On its shard. */
final class Signals {
    private static final long TYPING_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int ASKED_AGAIN = 20;

    private final Map<ConversationId, Integer> read = new HashMap<>();
    private final Map<ConversationId, Long> typed = new HashMap<>();
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

    /** Where something was read since the last time. */
    Set<ConversationId> read() {
        return Set.copyOf(read.keySet());
    }

    /** What was read since the last time. */
    void report(CursorReports reports, DeviceId device) {
        read.forEach((conversation, seq) -> reports.addRead(conversation, device, seq));
        read.clear();
    }

    /** Whether the others are to be told: once in two seconds, and the end of what they were told. */
    boolean passes(ConversationId conversation, boolean typing, long nowNanos) {
        typed.values().removeIf(at -> nowNanos - at > 3 * TYPING_NANOS);
        if (!typing) {
            return typed.remove(conversation) != null;
        }
        Long last = typed.get(conversation);
        if (last != null && nowNanos - last < TYPING_NANOS) {
            return false;
        }
        typed.put(conversation, nowNanos);
        return true;
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
