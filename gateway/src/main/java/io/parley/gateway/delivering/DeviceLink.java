package io.parley.gateway.delivering;

import io.parley.gateway.subscribing.Address;
import io.parley.protocol.DeviceId;
import io.parley.protocol.wire.Reply;

/** One connection of a device, as its transport offers it. Every method is called on the connection's shard and returns at once. */
public interface DeviceLink {
    /** Whose connection this is. */
    DeviceId device();

    /**
     * The device's session is there; what it subscribed to is known. Called once, before anything is sent.
     *
     * @param present whether the session was there before this connection
     */
    void opened(boolean present);

    /** How many frames at QoS 1 may be sent now, beside those that are not acknowledged yet; 0 or more. */
    int room();

    /** Whether the transport takes more bytes now; if not, {@link DeviceSession#writable()} is to be called when it does again. */
    boolean isWritable();

    /** Queues one event for writing; {@link #flush} follows. The encoding, and how it is acknowledged, is the transport's matter. */
    void send(Frame frame, Address address);

    /** Queues a signal for writing, at most once; {@link #flush} follows. */
    void send(SignalView signal, Address address);

    /** Writes out what was queued. */
    void flush();

    /** Sends an answer or news on {@code user/{me}/reply}, if the device subscribed to it. */
    void reply(Reply reply);

    /** Ends the connection; {@link DeviceSession#disconnected} follows as for every other end. */
    void close(CloseReason reason);

    /** Why the delivery ends a connection. */
    enum CloseReason {
        /** The same device connected elsewhere. */
        TAKEN_OVER,
        /** The user removed the device. */
        REMOVED,
        /** The user has as many devices as one may have. */
        TOO_MANY_DEVICES,
        /** The token was issued before the user's tokens were revoked. */
        TOKEN_REVOKED,
        /** The node is being stopped: the device is to go on at another one. */
        DRAINED,
        /** The log did not take what the connection wants, or told nothing: the device is to come again. */
        LOG_UNREACHABLE,
        /** The session met a fault of ours: the device is to come again, and goes on at its cursors. */
        FAILED
    }
}
