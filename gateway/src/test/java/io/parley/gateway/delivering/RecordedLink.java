package io.parley.gateway.delivering;

import io.parley.gateway.subscribing.Address;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.wire.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A device's connection that keeps what is written to it, and tells the session what the device acknowledges of each conversation. */
public final class RecordedLink implements DeviceLink {
    private final DeviceId device;
    private final int window;
    final List<Frame> frames = new ArrayList<>();
    final List<Address> addresses = new ArrayList<>();
    final List<SignalView> signals = new ArrayList<>();
    final List<Address> signalAddresses = new ArrayList<>();
    /** What is sent and not acknowledged yet, or is behind such a frame. */
    private final Map<ConversationId, Deque<Frame>> inFlight = new HashMap<>();

    private final Set<Frame> unacknowledged = new HashSet<>();
    boolean writable = true;
    boolean broken;
    int flushed;
    /** Whether the session was there before; null while that is not known. */
    @Nullable
    Boolean present;

    @Nullable
    CloseReason closed;

    private @Nullable DeviceSession session;

    /** @param window how many frames at QoS 1 the device takes un-acknowledged */
    public RecordedLink(String device, int window) {
        this.device = DeviceId.parse(device);
        this.window = window;
    }

    void serves(DeviceSession served) {
        session = served;
    }

    @Override
    public DeviceId device() {
        return device;
    }

    @Override
    public void opened(boolean wasPresent) {
        if (present != null) {
            throw new IllegalStateException("opened twice");
        }
        present = wasPresent;
    }

    @Override
    public int room() {
        return Math.max(0, window - unacknowledged.size());
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void send(Frame frame, Address address) {
        if (present == null) {
            throw new IllegalStateException("sent before the session was opened");
        }
        frames.add(frame);
        addresses.add(address);
        inFlight.computeIfAbsent(frame.conversation(), key -> new ArrayDeque<>())
                .add(frame);
        if (frame.qos() == 1) {
            unacknowledged.add(frame);
        } else {
            settle(frame.conversation());
        }
    }

    @Override
    public void send(SignalView signal, Address address) {
        signals.add(signal);
        signalAddresses.add(address);
    }

    @Override
    public void flush() {
        if (broken) {
            throw new IllegalStateException("the link is broken");
        }
        flushed = frames.size();
    }

    @Override
    public void reply(Reply reply) {}

    @Override
    public void close(CloseReason reason) {
        closed = reason;
    }

    /** The seqs that the device got, in its order; only what was flushed. */
    List<Integer> seqs() {
        return frames.subList(0, flushed).stream()
                .map(frame -> frame.event().seq())
                .toList();
    }

    /** The device acknowledges one of its frames. */
    void acknowledge(Frame frame) {
        if (unacknowledged.remove(frame) && session != null) {
            settle(frame.conversation());
            session.writable();
        }
    }

    /** Whether the frame waits for its acknowledgement. */
    boolean isOpen(Frame frame) {
        return unacknowledged.contains(frame);
    }

    private void settle(ConversationId conversation) {
        Deque<Frame> packets = inFlight.getOrDefault(conversation, new ArrayDeque<>());
        int reached = 0;
        while (!packets.isEmpty() && !unacknowledged.contains(packets.element())) {
            reached = packets.remove().event().seq();
        }
        if (reached > 0 && session != null) {
            session.acknowledge(conversation, reached);
        }
    }
}
