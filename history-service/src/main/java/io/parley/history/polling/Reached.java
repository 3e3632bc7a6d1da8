package io.parley.history.polling;

import io.parley.protocol.ConversationId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a device was handed and has not acknowledged, and what it acknowledged a moment ago. Both are in its next cursor: what was acknowledged is in the log
 * within a second, but if this process dies before that, only the cursor knows. On the device's loop.
 */
final class Reached {
    /** The most messages that are not acknowledged. */
    static final int WINDOW = 100;

    /** By then an acknowledgement is in the log, also after a short outage. */
    private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A cursor comes in the head of a request, which is bounded: some 6 KiB of it, as base64, are not too many. */
    private static final int MAX_HANDED_BYTES = 3_000;

    private static final int MAX_REMEMBERED_BYTES = 1_500;

    /** What an entry of the cursor has beside the conversation's id. */
    private static final int ENTRY_BYTES = 5;

    private record Acknowledged(int seq, long nanos) {}

    private final Map<ConversationId, Deque<Integer>> handed = new LinkedHashMap<>();
    private final Map<ConversationId, Acknowledged> remembered = new LinkedHashMap<>();
    private int count;
    private int handedBytes;

    /** How many more messages may be handed to the device. */
    int room() {
        return handedBytes > MAX_HANDED_BYTES ? 0 : WINDOW - count;
    }

    /** Whether the device was handed something that it did not acknowledge. */
    boolean isOpen() {
        return count > 0;
    }

    /** The device was handed a message. */
    void handed(ConversationId conversation, int seq) {
        Deque<Integer> seqs = handed.get(conversation);
        if (seqs == null) {
            seqs = new ArrayDeque<>();
            handed.put(conversation, seqs);
            handedBytes += bytes(conversation);
        }
        seqs.add(seq);
        count++;
    }

    /** The device has everything of the conversation up to that seq. */
    void acknowledged(ConversationId conversation, int seq, long nowNanos) {
        Deque<Integer> seqs = handed.getOrDefault(conversation, new ArrayDeque<>());
        while (!seqs.isEmpty() && seqs.element() <= seq) {
            seqs.remove();
            count--;
        }
        if (seqs.isEmpty() && handed.remove(conversation) != null) {
            handedBytes -= bytes(conversation);
        }
        Acknowledged before = remembered.remove(conversation);
        remembered.put(conversation, before != null && before.seq() >= seq ? before : new Acknowledged(seq, nowNanos));
    }

    /** Everything that the device's next cursor says. */
    Map<ConversationId, Integer> all(long nowNanos) {
        Map<ConversationId, Integer> all = new LinkedHashMap<>();
        remembered.values().removeIf(one -> nowNanos - one.nanos() > REMEMBERED_NANOS);
        int bytes = remembered.keySet().stream().mapToInt(Reached::bytes).sum();
        while (bytes > MAX_REMEMBERED_BYTES) {
            ConversationId oldest = remembered.keySet().iterator().next();
            remembered.remove(oldest);
            bytes -= bytes(oldest);
        }
        remembered.forEach((conversation, one) -> all.put(conversation, one.seq()));
        handed.forEach((conversation, seqs) -> all.merge(conversation, seqs.getLast(), Math::max));
        return all;
    }

    private static int bytes(ConversationId conversation) {
        return conversation.value().length() + ENTRY_BYTES;
    }
}
