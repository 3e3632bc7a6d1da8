package io.parley.demo;

import io.parley.protocol.DeviceId;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;

/**
 * One device and its connection, whichever protocol it speaks. A received message is acknowledged only after the listener has
 * returned, so that the acknowledgement tells the truth: the device has it.
 */
public interface Device extends AutoCloseable {
    /** What a device tells its owner; called from its client's thread, one call at a time. */
    interface Listener {
        /**
         * A message or something else has come: a PUBLISH, or an event of a poll.
         *
         * @param connection which connection of this device, from 1
         */
        void received(int connection, String topic, byte[] payload);

        /** Everything that has come on that connection until now is acknowledged. */
        default void acknowledged(int connection) {}

        /** The connection has ended, and not at our wish. */
        void lost(String reason);

        /** The connection has ended because another one of the same device has taken its place; MQTT 3.1.1 cannot tell. */
        default void replaced() {
            lost("another connection of this device has taken its place");
        }
    }

    /** An MQTT 3.1.1 device. */
    static Device v3(DemoTarget target, DeviceId id, Listener listener) throws DeviceException {
        return new PahoV3Device(target, id, listener);
    }

    /** An MQTT 5 device. */
    static Device v5(DemoTarget target, DeviceId id, Listener listener) throws DeviceException {
        return new PahoV5Device(target, id, listener);
    }

    /** A device that polls by HTTP. It never starts anew, and subscribes to topics without wildcards. */
    static Device http(HttpClient http, DemoTarget target, DeviceId id, Listener listener) {
        return new HttpDevice(http, target, id, listener);
    }

    /** How a device is made: {@link Device#v3} or {@link Device#v5}. */
    interface Maker {
        Device make(DemoTarget target, DeviceId id, Listener listener) throws DeviceException;
    }

    DeviceId id();

    /**
     * Connects and waits for the answer, ten seconds at most.
     *
     * <p>The session outlives the connection. Subscribe after each connect: whether the broker has kept subscriptions is not known here.
     *
     * @param cleanStart whether the device starts now, or goes on where it was
     */
    void connect(boolean cleanStart) throws DeviceException;

    /** Connects like {@link #connect} for this connection only: nothing of it is kept, and no device is left behind. */
    void connectOnce() throws DeviceException;

    /** Subscribes with QoS 1 and waits for the answer; throws when one filter is refused. */
    void subscribe(String... filters) throws DeviceException;

    /** Publishes with QoS 1; done with the PUBACK, failed with a {@link DeviceException}. */
    CompletableFuture<Void> publish(String topic, byte[] payload);

    /** Publishes with QoS 0, for what is worth nothing later; whether it was taken is not known. */
    void tell(String topic, byte[] payload);

    /** Says goodbye, after what was acknowledged; the device may connect again. */
    void disconnect();

    /** Says goodbye for good. */
    @Override
    void close();
}
