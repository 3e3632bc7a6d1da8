package io.parley.standalone.libraries;

import org.eclipse.paho.client.mqttv3.DisconnectedBufferOptions;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Eclipse Paho for Java, MQTT 3.1.1: with automatic reconnect, and its buffer for what is published without a connection. */
final class PahoV3Library implements LibraryClient, MqttCallback {
    private static final int PATIENCE_MILLIS = 40_000;
    private static final int MAX_RECONNECT_DELAY_MILLIS = 4_000;
    private static final int MAX_IN_FLIGHT = 1_000;

    private final Journal journal;
    private final MqttAsyncClient client;

    PahoV3Library(Seat seat) throws MqttException {
        journal = seat.journal();
        client = new MqttAsyncClient(seat.login().uri(), seat.login().clientId(), new MemoryPersistence());
        client.setCallback(this);
        DisconnectedBufferOptions buffer = new DisconnectedBufferOptions();
        buffer.setBufferEnabled(true);
        client.setBufferOpts(buffer);
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName(seat.login().userName());
        options.setPassword(seat.login().password().toCharArray());
        options.setCleanSession(false);
        options.setAutomaticReconnect(true);
        options.setMaxReconnectDelay(MAX_RECONNECT_DELAY_MILLIS);
        options.setMaxInflight(MAX_IN_FLIGHT);
        client.connect(options).waitForCompletion(PATIENCE_MILLIS);
        client.subscribe(seat.filters().toArray(new String[0]), seat.qualities())
                .waitForCompletion(PATIENCE_MILLIS);
    }

    @Override
    public void publish(String topic, String payload) {
        MqttMessage message = new MqttMessage(payload.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        message.setQos(1);
        try {
            client.publish(topic, message, null, new IMqttActionListener() {
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
    public void connectionLost(Throwable cause) {}

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {}

    @Override
    public void close() throws MqttException {
        if (client.isConnected()) {
            client.disconnect().waitForCompletion(PATIENCE_MILLIS);
        }
        client.close(true);
    }
}
