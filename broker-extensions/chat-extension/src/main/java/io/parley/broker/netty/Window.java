package io.parley.broker.netty;

import io.parley.protocol.ConversationId;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The PUBLISH packets of one connection's conversations that are not acknowledged yet, and their packet ids. What is acknowledged of a
 * conversation is told up to the first that is not. On the event loop.
 */
final class Window {
    static final int FIRST_PACKET_ID = 32_768;
    private static final int PACKET_IDS = 65_536 - FIRST_PACKET_ID;

    /** A packet in flight; at QoS 0 it is acknowledged when it is written. */
    private static final class InFlight {
        final ConversationId conversation;
        final int seq;
        boolean acknowledged;

        InFlight(ConversationId conversation, int seq, boolean acknowledged) {
            this.conversation = conversation;
            this.seq = seq;
            this.acknowledged = acknowledged;
        }
    }

    /** Everything of a conversation is acknowledged up to that seq. */
    record Reached(ConversationId conversation, int seq) {}

    private final Map<ConversationId, Deque<InFlight>> conversations = new HashMap<>();
    private final Map<Integer, InFlight> byPacketId = new HashMap<>();
    private final BitSet used = new BitSet();
    private int lastId = PACKET_IDS - 1;

    /** How many packets wait for their PUBACK. */
    int unacknowledged() {
        return byPacketId.size();
    }

    /** A packet at QoS 1; returns its packet id. */
    int add(ConversationId conversation, int seq) {
        do {
            lastId = (lastId + 1) % PACKET_IDS;
        } while (used.get(lastId));
        used.set(lastId);
        int packetId = FIRST_PACKET_ID + lastId;
        InFlight packet = new InFlight(conversation, seq, false);
        conversations.computeIfAbsent(conversation, key -> new ArrayDeque<>()).add(packet);
        byPacketId.put(packetId, packet);
        return packetId;
    }

    /** A packet at QoS 0. Returns how far the conversation is acknowledged now; null while an earlier packet is not. */
    @Nullable
    Reached addAtMostOnce(ConversationId conversation, int seq) {
        Deque<InFlight> packets = conversations.get(conversation);
        if (packets == null) {
            return new Reached(conversation, seq);
        }
        packets.add(new InFlight(conversation, seq, true));
        return null;
    }

    /** A PUBACK. Returns how far its conversation is acknowledged now; null when that did not change, or there is no such packet. */
    @Nullable
    Reached acknowledge(int packetId) {
        InFlight packet = byPacketId.remove(packetId);
        if (packet == null) {
            return null;
        }
        used.clear(packetId - FIRST_PACKET_ID);
        packet.acknowledged = true;
        Deque<InFlight> packets = conversations.get(packet.conversation);
        int reached = 0;
        while (packets != null && !packets.isEmpty() && packets.element().acknowledged) {
            reached = packets.remove().seq;
        }
        if (packets != null && packets.isEmpty()) {
            conversations.remove(packet.conversation);
        }
        return reached == 0 ? null : new Reached(packet.conversation, reached);
    }
}
