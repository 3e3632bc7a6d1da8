package io.parley.broker.netty;

import com.hivemq.mqtt.message.reason.Mqtt5DisconnectReasonCode;
import io.parley.gateway.requesting.AnswerQueue;
import io.parley.gateway.requesting.OpenRequests;
import io.parley.gateway.requesting.OpenRequests.Asked;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The answers on {@code user/{me}/reply}: a few packet ids of their own below the delivery's, and a bounded queue before them. What is
 * only read may be large: it is read when the device has taken what was answered before. On the event loop.
 */
final class Replies implements AnswerQueue {
    /** The packet ids of replies: from here, {@link #window()} many. */
    static final int FIRST_PACKET_ID = 16_384;

    private static final int WINDOW = 8;
    private static final int MAX_QUEUED = 256;
    private static final int MAX_WAITING_READS = 100;
    private static final int MAX_LIST_BYTES = 512 * 1024;
    /** Of a conversation of two: two users' names. */
    private static final int MAX_ID_LENGTH = 129;

    private static final Reply TOO_LARGE = Reply.newBuilder()
            .setError(Error.newBuilder()
                    .setCode(ErrorCode.TOO_LARGE)
                    .setMessage("the answer is larger than the client's maximum packet size"))
            .build();

    /** What an answer has beside its conversations, at most. */
    private static final Reply LARGEST_FRAME = Reply.newBuilder()
            .addConversations(ConversationSummary.getDefaultInstance())
            .setUnreadTotal(-1)
            .setNext("x".repeat(MAX_ID_LENGTH))
            .build();

    private final MqttLink link;
    private final int window;
    private final BitSet inFlight = new BitSet();
    private final Deque<Answer> queued = new ArrayDeque<>();
    private final OpenRequests requests = new OpenRequests();
    private final Deque<Runnable> waitingReads = new ArrayDeque<>();
    private int reading;

    /**
     * @param to what it answers, null when nobody asked
     * @param written run when it has been written, or cannot be
     */
    private record Answer(@Nullable Asked to, Reply reply, Runnable written) {
        Answer(@Nullable Asked to, Reply reply) {
            this(to, reply, () -> {});
        }
    }

    Replies(MqttLink link, int receiveMaximum) {
        this.link = link;
        this.window = receiveMaximum >= 4 * WINDOW ? WINDOW : receiveMaximum > 1 ? 1 : 0;
    }

    @Override
    public WireFormat format() {
        return link.format();
    }

    @Override
    public int listBytes(Asked to) {
        int beside = link.format().encode(named(LARGEST_FRAME, to)).length;
        return Math.min(MAX_LIST_BYTES, link.largestReply(to.correlation())) - beside;
    }

    @Override
    public void onShard(Runnable task) {
        link.onShard(task);
    }

    /** How many replies may be un-acknowledged at once; 0 when the client leaves no room beside the messages. */
    int window() {
        return window;
    }

    @Override
    public boolean read(Runnable start) {
        if (waitingReads.size() >= MAX_WAITING_READS) {
            return false;
        }
        waitingReads.add(start);
        startReads();
        return true;
    }

    /** The connection has ended. */
    void end() {
        waitingReads.clear();
        queued.forEach(answer -> answer.written().run());
        queued.clear();
    }

    /** The device takes bytes again. */
    void writable() {
        startReads();
    }

    private void startReads() {
        // What a device does not take is not piled up for it: its next page is read when the last ones are on their
        // way.
        while (!waitingReads.isEmpty()
                && link.isWritable()
                && reading + inFlight.cardinality() + queued.size() < WINDOW) {
            reading++;
            waitingReads.remove().run();
        }
    }

    @Override
    public OpenRequests requests() {
        return requests;
    }

    /** Sends what came from the engine: an answer, or news. An answer that nobody waits for any more is dropped. */
    void send(Reply reply) {
        if (reply.getRequestId().isEmpty()) {
            send(new Answer(null, reply));
            return;
        }
        Asked to = requests.close(reply.getRequestId());
        if (to != null) {
            send(new Answer(to, reply));
        }
    }

    @Override
    public void answer(Asked to, Reply reply) {
        requests.close(to);
        send(new Answer(to, reply));
    }

    @Override
    public void readAnswer(Asked to, Reply reply, Runnable written) {
        reading--;
        send(new Answer(to, reply, written));
    }

    private void send(Answer answer) {
        OptionalInt qos = link.replyQos();
        if (qos.isEmpty() || qos.getAsInt() == 0 || window == 0) {
            sendAtMostOnce(answer);
        } else if (inFlight.cardinality() < window) {
            writeAcknowledged(answer);
        } else if (queued.size() < MAX_QUEUED) {
            queued.add(answer);
        } else {
            answer.written().run();
            link.disconnect(Mqtt5DisconnectReasonCode.QUOTA_EXCEEDED, "too many replies are un-acknowledged");
        }
        startReads();
    }

    /**
     * Sends a reply that may be lost, the error about something that might have been lost itself.
     *
     * @param to the request that it is about, if it is one
     */
    void sendAtMostOnce(@Nullable Asked to, Reply reply) {
        sendAtMostOnce(new Answer(to, reply));
    }

    private void sendAtMostOnce(Answer answer) {
        // What a slow device does not take is not piled up for it.
        if (link.replyQos().isPresent() && link.isWritable()) {
            write(answer, 0);
        } else {
            answer.written().run();
        }
    }

    /** A PUBACK for a packet id from {@link #FIRST_PACKET_ID} on. */
    void acknowledged(int packetId) {
        inFlight.clear(packetId - FIRST_PACKET_ID);
        if (!queued.isEmpty() && inFlight.cardinality() < window) {
            writeAcknowledged(queued.remove());
        }
        startReads();
    }

    private void writeAcknowledged(Answer answer) {
        int slot = inFlight.nextClearBit(0);
        inFlight.set(slot);
        write(answer, FIRST_PACKET_ID + slot);
    }

    private void write(Answer answer, int packetId) {
        Asked to = answer.to();
        boolean written;
        if (to == null) {
            written = publish(answer, answer.reply(), packetId);
        } else {
            written = publish(answer, named(answer.reply(), to), packetId)
                    || publish(answer, named(TOO_LARGE, to), packetId);
        }
        if (!written) {
            answer.written().run();
            if (packetId != 0) {
                acknowledged(packetId);
            }
        }
        link.flushSoon();
    }

    private static Reply named(Reply reply, Asked to) {
        return reply.toBuilder().setRequestId(to.requestId()).build();
    }

    /** False when the packet is larger than the client takes. */
    private boolean publish(Answer answer, Reply reply, int packetId) {
        Asked to = answer.to();
        return link.publishReply(
                link.format().encode(reply), packetId, to == null ? null : to.correlation(), answer.written());
    }
}
