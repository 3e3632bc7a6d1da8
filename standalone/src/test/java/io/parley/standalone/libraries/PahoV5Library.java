package io.parley.standalone.libraries;

import java.nio.charset.StandardCharsets;
import org.eclipse.paho.mqttv5.client.DisconnectedBufferOptions;
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

/** Eclipse Paho for Java, MQTT 5: with automatic reconnect, and its buffer for what is published without a connection. */
final class PahoV5Library implements LibraryClient, MqttCallback {
    private static final int PATIENCE_MILLIS = 40_000;
    private static final int MAX_RECONNECT_DELAY_SECONDS = 4;

    private final Journal journal;
    private final MqttAsyncClient client;

    PahoV5Library(Seat seat) throws MqttException {
        journal = seat.journal();
        client = new MqttAsyncClient(seat.login().uri(), seat.login().clientId(), new MemoryPersistence());
        client.setCallback(this);
        DisconnectedBufferOptions buffer = new DisconnectedBufferOptions();
        buffer.setBufferEnabled(true);
        client.setBufferOpts(buffer);
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(seat.login().userName());
        options.setPassword(seat.login().passwordBytes());
        options.setCleanStart(false);
        options.setSessionExpiryInterval((long) Seat.EXPIRY_SECONDS);
        options.setAutomaticReconnect(true);
        options.setAutomaticReconnectDelay(1, MAX_RECONNECT_DELAY_SECONDS);
        client.connect(options).waitForCompletion(PATIENCE_MILLIS);
        client.subscribe(seat.filters().toArray(new String[0]), seat.qualities())
                .waitForCompletion(PATIENCE_MILLIS);
    }

    @Override
    public void publish(String topic, String payload) {
        MqttMessage message = new MqttMessage(payload.getBytes(StandardCharsets.UTF_8));
        message.setQos(1);
        try {
            client.publish(topic, message, null, new MqttActionListener() {
                @Override
                public void onSuccess(IMqttToken token) {}

                @Override
                public void onFailure(IMqttToken token, Throwable cause) {
                    journal.problem("gave up " + payload + ": " + cause);
                }
            });
        } catch (MqttException e) {
            journal.problem("did not take " + payload + ": " + e);
        }
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        journal.received(topic, message.getPayload(), message.isDuplicate());
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {}

    @Override
    public void mqttErrorOccurred(MqttException exception) {}

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {}

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {}

    @Override
    public void close() throws MqttException {
        if (client.isConnected()) {
            client.disconnect().waitForCompletion(PATIENCE_MILLIS);
        }
        client.close(true);
    }
}
