package io.parley.delivery;

import io.parley.protocol.DeviceId;
import io.parley.protocol.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A device's connection that keeps what is written to it. */
final class RecordedLink implements DeviceLink {
    private final DeviceId device;
    private final int window;
    final List<Frame> frames = new ArrayList<>();
    final List<SignalView> signals = new ArrayList<>();
    boolean writable = true;
    boolean broken;
    int flushed;

    @Nullable
    CloseReason closed;

    RecordedLink(String device, int window) {
        this.device = DeviceId.parse(device);
        this.window = window;
    }

    @Override
    public DeviceId device() {
        return device;
    }

    @Override
    public int window() {
        return window;
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void send(Frame frame) {
        frames.add(frame);
    }

    @Override
    public void send(SignalView signal) {
        signals.add(signal);
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

    /** The packet id of the {@code i}th frame, from 0. */
    int packetId(int i) {
        return frames.get(i).packetId();
    }
}
