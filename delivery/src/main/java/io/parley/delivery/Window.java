package io.parley.delivery;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The QoS 1 frames of one connection that are not acknowledged yet, oldest first, and their packet ids. */
final class Window {
    static final int FIRST_PACKET_ID = 32768;
    private static final int PACKET_IDS = 65536 - FIRST_PACKET_ID;

    /** A frame in flight. */
    static final class InFlight {
        final int packetId;
        final Subscription subscription;
        final int seq;
        final long sentNanos;
        boolean acknowledged;

        InFlight(int packetId, Subscription subscription, int seq, long sentNanos) {
            this.packetId = packetId;
            this.subscription = subscription;
            this.seq = seq;
            this.sentNanos = sentNanos;
        }
    }

    private final Deque<InFlight> frames = new ArrayDeque<>();
    private Set<Subscription> moved = new HashSet<>();
    private final BitSet used = new BitSet();
    private int lastId = PACKET_IDS - 1;
    private int unacknowledged;

    int unacknowledged() {
        return unacknowledged;
    }

    InFlight add(Subscription subscription, int seq, long nowNanos) {
        do {
            lastId = (lastId + 1) % PACKET_IDS;
        } while (used.get(lastId));
        used.set(lastId);
        InFlight frame = new InFlight(FIRST_PACKET_ID + lastId, subscription, seq, nowNanos);
        frames.add(frame);
        unacknowledged++;
        return frame;
    }

    /** Takes an acknowledgement and moves the cursors of all frames that nothing older holds back. False: no such frame. */
    boolean acknowledge(int packetId) {
        int id = packetId - FIRST_PACKET_ID;
        if (id < 0 || id >= PACKET_IDS || !used.get(id)) {
            return false;
        }
        for (InFlight frame : frames) {
            if (frame.packetId == packetId) {
                frame.acknowledged = true;
                break;
            }
        }
        used.clear(id);
        unacknowledged--;
        moveCursors();
        return true;
    }

    private void moveCursors() {
        while (!frames.isEmpty() && frames.peekFirst().acknowledged) {
            InFlight frame = frames.removeFirst();
            moved(frame.subscription, frame.seq);
        }
    }

    /** The device has everything of the subscription up to that seq. */
    void moved(Subscription subscription, int seq) {
        subscription.acknowledged = Math.max(subscription.acknowledged, seq);
        moved.add(subscription);
    }

    /** The subscriptions whose cursor moved since this was last asked. */
    Set<Subscription> takeMoved() {
        Set<Subscription> taken = moved;
        moved = new HashSet<>();
        return taken;
    }

    /** The frame that waits longest, or null. */
    @Nullable
    InFlight oldest() {
        return frames.peekFirst();
    }
}
