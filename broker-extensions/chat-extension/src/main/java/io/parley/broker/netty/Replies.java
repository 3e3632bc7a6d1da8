package io.parley.broker.netty;

import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answers on {@code user/{me}/reply}: a few packet ids of their own below the delivery's, a bounded queue before them, and the
 * MQTT 5 correlation data of the requests that are open. On the event loop.
 */
final class Replies {
    /** The packet ids of replies: from here, {@link #window()} many. */
    static final int FIRST_PACKET_ID = 16_384;

    private static final int WINDOW = 8;
    private static final int MAX_QUEUED = 16;
    private static final int MAX_OPEN = 100;
    private static final String OWN_ID = "~";

    private final MqttLink link;
    private final int window;
    private final BitSet inFlight = new BitSet();
    private final Deque<Reply> queued = new ArrayDeque<>();
    private final Map<String, byte[]> correlations = new LinkedHashMap<>();
    private final Map<String, Boolean> ownIds = new HashMap<>();
    private Optional<Integer> qos = Optional.empty();
    private long ownIdsMade;

    Replies(MqttLink link, int receiveMaximum) {
        this.link = link;
        this.window = receiveMaximum >= 4 * WINDOW ? WINDOW : receiveMaximum > 1 ? 1 : 0;
    }

    /** How many replies may be un-acknowledged at once; 0 when the client leaves no room beside the messages. */
    int window() {
        return window;
    }

    /** @param qos 0 or 1 */
    void subscribe(int qos) {
        this.qos = Optional.of(qos);
    }

    void unsubscribe() {
        qos = Optional.empty();
        queued.clear();
        correlations.clear();
    }

    /** Notes a request, gives it an id if it has none, and keeps its correlation data for the answer. */
    Request open(Request request, byte @Nullable [] correlation) {
        Request named = request;
        if (request.getRequestId().isEmpty()) {
            named = request.toBuilder().setRequestId(OWN_ID + ++ownIdsMade).build();
            bound(ownIds);
            ownIds.put(named.getRequestId(), true);
        }
        if (correlation != null) {
            bound(correlations);
            correlations.put(named.getRequestId(), correlation);
        }
        return named;
    }

    void send(Reply reply) {
        if (qos.isEmpty() || qos.get() == 0 || window == 0) {
            sendAtMostOnce(reply);
        } else if (inFlight.cardinality() < window) {
            writeAcknowledged(reply);
        } else if (queued.size() < MAX_QUEUED) {
            queued.add(reply);
        } else {
            link.disconnect(Mqtt5DisconnectReasonCode.QUOTA_EXCEEDED, "too many replies are un-acknowledged");
        }
    }

    /** Sends a reply that may be lost, such as the error about something that might have been lost itself. */
    void sendAtMostOnce(Reply reply) {
        if (qos.isPresent() && link.isWritable()) {
            write(reply, 0);
        } else {
            // What a slow device does not take is not piled up for it.
            forget(reply);
        }
    }

    private void forget(Reply reply) {
        ownIds.remove(reply.getRequestId());
        correlations.remove(reply.getRequestId());
    }

    /** A PUBACK for a packet id from {@link #FIRST_PACKET_ID} on, or the news that the packet was dropped. */
    void acknowledged(int packetId) {
        inFlight.clear(packetId - FIRST_PACKET_ID);
        if (!queued.isEmpty() && inFlight.cardinality() < window) {
            writeAcknowledged(queued.remove());
        }
    }

    private void writeAcknowledged(Reply reply) {
        int slot = inFlight.nextClearBit(0);
        inFlight.set(slot);
        write(reply, FIRST_PACKET_ID + slot);
    }

    private void write(Reply reply, int packetId) {
        Reply named = reply;
        if (ownIds.remove(reply.getRequestId()) != null) {
            named = reply.toBuilder().clearRequestId().build();
        }
        byte[] correlation = correlations.remove(reply.getRequestId());
        link.publish("user/" + link.device().user() + "/reply", link.format().encode(named), packetId, correlation);
        link.flushSoon();
    }

    private static void bound(Map<String, ?> open) {
        if (open.size() >= MAX_OPEN) {
            open.remove(open.keySet().iterator().next());
        }
    }
}
