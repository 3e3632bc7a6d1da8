package io.parley.demo;

import io.parley.protocol.DeviceId;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** A device on Paho's MQTT 3.1.1 client. */
final class PahoV3Device implements Device, MqttCallback {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int REFUSED = 0x80;

    private final DemoTarget target;
    private final DeviceId id;
    private final Listener listener;
    private final MqttAsyncClient client;
    private final AtomicInteger connections = new AtomicInteger();

    PahoV3Device(DemoTarget target, DeviceId id, Listener listener) throws DeviceException {
        this.target = target;
        this.id = id;
        this.listener = listener;
        try {
            client = new MqttAsyncClient(target.mqtt().toString(), id.toString(), new MemoryPersistence());
        } catch (MqttException | IllegalArgumentException e) {
            throw new DeviceException("no MQTT client for " + target.mqtt() + ": " + e.getMessage(), e);
        }
        client.setManualAcks(true);
        client.setCallback(this);
    }

    @Override
    public DeviceId id() {
        return id;
    }

    @Override
    public void connect(boolean cleanStart) throws DeviceException {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setCleanSession(cleanStart);
        options.setUserName(id.user().value());
        options.setPassword(target.tokens().apply(id.user()).toCharArray());
        options.setKeepAliveInterval(30);
        options.setConnectionTimeout(PATIENCE_MILLIS / 1000);
        options.setMaxInflight(1_000);
        if (target.mqttNodes().size() > 1) {
            // It tries one after the other.
            options.setServerURIs(target.turned(connections.get()).mqttNodes().stream()
                    .map(URI::toString)
                    .toArray(String[]::new));
        }
        connections.incrementAndGet();
        try {
            client.connect(options).waitForCompletion(PATIENCE_MILLIS);
        } catch (MqttException e) {
            throw new DeviceException(id + " cannot connect to " + target.mqtt() + ": " + describe(e), e);
        }
    }

    @Override
    public void connectOnce() throws DeviceException {
        // In MQTT 3.1.1 a session that starts clean ends with its connection.
        connect(true);
    }

    @Override
    public void subscribe(String... filters) throws DeviceException {
        int[] qos = new int[filters.length];
        Arrays.fill(qos, 1);
        try {
            IMqttToken token = client.subscribe(filters, qos);
            token.waitForCompletion(PATIENCE_MILLIS);
            int[] granted = token.getGrantedQos();
            for (int i = 0; granted != null && i < granted.length; i++) {
                if (granted[i] >= REFUSED) {
                    throw new DeviceException(id + " may not subscribe to " + filters[i]);
                }
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
            client.publish(topic, payload, 1, false, null, new IMqttActionListener() {
                @Override
                public void onSuccess(IMqttToken token) {
                    done.complete(null);
                }

                @Override
                public void onFailure(IMqttToken token, Throwable cause) {
                    done.completeExceptionally(refused(topic, cause));
                }
            });
        } catch (MqttException e) {
            done.completeExceptionally(refused(topic, e));
        }
        return done;
    }

    @Override
    public void tell(String topic, byte[] payload) {
        try {
            client.publish(topic, payload, 0, false);
        } catch (MqttException e) {
            // A lost connection is told to the listener, and this was only news of the moment.
        }
    }

    private DeviceException refused(String topic, Throwable cause) {
        return new DeviceException(id + " cannot publish on " + topic + ": " + describe(cause), cause);
    }

    @Override
    public void disconnect() {
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

    @Override
    public void close() {
        disconnect();
        try {
            client.close(true);
        } catch (MqttException e) {
            // Its threads end with the process.
        }
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) throws MqttException {
        int connection = connections.get();
        listener.received(connection, topic, message.getPayload());
        client.messageArrivedComplete(message.getId(), message.getQos());
        listener.acknowledged(connection);
    }

    @Override
    public void connectionLost(Throwable cause) {
        listener.lost(describe(cause));
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {}

    private static String describe(Throwable failure) {
        Throwable root = failure.getCause() == null ? failure : failure.getCause();
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
