package io.parley.demo;

import io.parley.protocol.DeviceId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;

/**
 * A device on Paho's MQTT 5 client, a new one for each connection: on a second one Paho sends again what was in flight on the first,
 * with the first one's topic aliases, and is thrown out for it.
 */
final class PahoV5Device implements Device {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int REFUSED = 0x80;
    private static final int TAKEN_OVER = 0x8e;
    private static final int HIGHEST_CODE = 0xff;
    private static final long SESSION_EXPIRY_SECONDS = 7L * 24 * 3600;

    private final DemoTarget target;
    private final DeviceId id;
    private final Listener listener;
    private volatile Connection connection;

    PahoV5Device(DemoTarget target, DeviceId id, Listener listener) throws DeviceException {
        this.target = target;
        this.id = id;
        this.listener = listener;
        this.connection = new Connection(1);
    }

    @Override
    public DeviceId id() {
        return id;
    }

    @Override
    public void connect(boolean cleanStart) throws DeviceException {
        connect(cleanStart, SESSION_EXPIRY_SECONDS);
    }

    @Override
    public void connectOnce() throws DeviceException {
        connect(true, 0);
    }

    private void connect(boolean cleanStart, long sessionExpirySeconds) throws DeviceException {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(cleanStart);
        options.setSessionExpiryInterval(sessionExpirySeconds);
        options.setUserName(id.user().value());
        options.setPassword(target.tokens().apply(id.user()).getBytes(StandardCharsets.UTF_8));
        options.setKeepAliveInterval(30);
        options.setConnectionTimeout(PATIENCE_MILLIS / 1000);
        options.setAutomaticReconnect(false);
        if (connection.used) {
            connection.end();
            connection = new Connection(connection.number + 1);
        }
        connection.used = true;
        try {
            connection.client.connect(options).waitForCompletion(PATIENCE_MILLIS);
            connection.wanted = true;
        } catch (MqttException e) {
            throw new DeviceException(id + " cannot connect to " + target.mqtt() + ": " + describe(e), e);
        }
    }

    @Override
    public void subscribe(String... filters) throws DeviceException {
        int[] qos = new int[filters.length];
        Arrays.fill(qos, 1);
        try {
            IMqttToken token = connection.client.subscribe(filters, qos);
            token.waitForCompletion(PATIENCE_MILLIS);
            int[] codes = token.getReasonCodes();
            int refused = firstRefused(codes);
            if (codes != null && refused >= 0) {
                throw new DeviceException(id + " may not subscribe to " + filters[refused], codes[refused]);
            }
        } catch (MqttException e) {
            throw new DeviceException(
                    id + " cannot subscribe to " + String.join(", ", filters) + ": " + describe(e), e);
        }
    }

    @Override
    public CompletableFuture<Void> publish(String topic, byte[] payload) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            connection.client.publish(topic, payload, 1, false, null, new MqttActionListener() {
                @Override
                public void onSuccess(IMqttToken token) {
                    int[] codes = token.getReasonCodes();
                    int refused = firstRefused(codes);
                    if (codes != null && refused >= 0) {
                        done.completeExceptionally(refused(topic, codes[refused]));
                    } else {
                        done.complete(null);
                    }
                }

                @Override
                public void onFailure(IMqttToken token, Throwable cause) {
                    int code = cause instanceof MqttException failure ? failure.getReasonCode() : 0;
                    done.completeExceptionally(isRefusal(code) ? refused(topic, code) : failed(topic, cause));
                }
            });
        } catch (MqttException e) {
            done.completeExceptionally(failed(topic, e));
        }
        return done;
    }

    private static int firstRefused(int @Nullable [] codes) {
        for (int i = 0; codes != null && i < codes.length; i++) {
            if (isRefusal(codes[i])) {
                return i;
            }
        }
        return -1;
    }

    /** A code of the protocol, and not one of Paho's own. */
    private static boolean isRefusal(int code) {
        return code >= REFUSED && code <= HIGHEST_CODE;
    }

    @Override
    public void tell(String topic, byte[] payload) {
        try {
            connection.client.publish(topic, payload, 0, false);
        } catch (MqttException e) {
            // A lost connection is told to the listener, and this was only news of the moment.
        }
    }

    private DeviceException refused(String topic, int code) {
        return new DeviceException(
                id + " may not publish on " + topic + ": reason 0x" + Integer.toHexString(code), code);
    }

    private DeviceException failed(String topic, Throwable cause) {
        return new DeviceException(id + " cannot publish on " + topic + ": " + describe(cause), cause);
    }

    @Override
    public void disconnect() {
        connection.disconnect();
    }

    @Override
    public void close() {
        connection.end();
    }

    /** One connection of the device. */
    private final class Connection implements MqttCallback {
        final int number;
        final MqttAsyncClient client;
        volatile boolean used;
        volatile boolean wanted;

        Connection(int number) throws DeviceException {
            this.number = number;
            try {
                // When its node is gone, the next connection is to the next node.
                URI node = target.turned(number - 1).mqtt();
                client = new MqttAsyncClient(node.toString(), id.toString(), new MemoryPersistence());
            } catch (MqttException | IllegalArgumentException e) {
                throw new DeviceException("no MQTT client for " + target.mqtt() + ": " + e.getMessage(), e);
            }
            client.setManualAcks(true);
            client.setCallback(this);
        }

        void disconnect() {
            wanted = false;
            try {
                client.disconnect(1_000).waitForCompletion(PATIENCE_MILLIS);
            } catch (MqttException e) {
                try {
                    client.disconnectForcibly(100, 100, false);
                } catch (MqttException alreadyDown) {
                    // Then there is nothing to end.
                }
            }
        }

        void end() {
            disconnect();
            try {
                client.close(true);
            } catch (MqttException e) {
                // Its threads end with the process.
            }
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) throws MqttException {
            // What an ended connection still holds is not acknowledged and so comes on the next one.
            if (equals(connection)) {
                listener.received(number, topic, message.getPayload());
                client.messageArrivedComplete(message.getId(), message.getQos());
                listener.acknowledged(number);
            }
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            if (wanted) {
                wanted = false;
                MqttException cause = response.getException();
                if (response.getReturnCode() == TAKEN_OVER) {
                    listener.replaced();
                    return;
                }
                listener.lost(cause == null ? "reason " + response.getReturnCode() : describe(cause));
            }
        }

        @Override
        public void mqttErrorOccurred(MqttException exception) {}

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {}

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {}
    }

    private static String describe(Throwable failure) {
        Throwable root = failure.getCause() == null ? failure : failure.getCause();
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
