package io.parley.delivery;

import io.parley.protocol.DeviceId;
import io.parley.protocol.wire.Reply;

/** One connection of a device, as its transport offers it. Every method is called on the connection's shard and returns at once. */
public interface DeviceLink {
    /** Whose connection this is. */
    DeviceId device();

    /** How many QoS 1 frames may be un-acknowledged at once, at least 1 (the client's receive maximum, capped by the transport). */
    int window();

    /** Whether the transport takes more bytes now; if not, {@link DeviceSession#writable()} is to be called when it does again. */
    boolean isWritable();

    /** Queues one event for writing; {@link #flush} follows. The encoding is the transport's matter. */
    void send(Frame frame);

    /** Queues a signal for writing, at most once; {@link #flush} follows. */
    void send(SignalView signal);

    /** Writes out what was queued. */
    void flush();

    /** Sends an answer or news on {@code user/{me}/reply}, if the device subscribed to it. */
    void reply(Reply reply);

    /** Ends the connection; {@link DeviceSession#disconnected()} follows as for every other end. */
    void close(CloseReason reason);

    /** Why the delivery ends a connection. */
    enum CloseReason {
        /** The same device connected elsewhere. */
        TAKEN_OVER,
        /** The user removed the device. */
        REMOVED,
        /** The user has as many devices as one may have. */
        TOO_MANY_DEVICES,
        /** The log did not take what the connection wants: the device is to come again. */
        LOG_UNREACHABLE,
        /** The device left a frame un-acknowledged for too long. */
        NOT_ACKNOWLEDGING
    }
}
