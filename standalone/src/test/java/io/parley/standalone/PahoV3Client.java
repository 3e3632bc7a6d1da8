package io.parley.standalone;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Eclipse Paho, MQTT 3.1.1. */
final class PahoV3Client implements ChatClient, MqttCallback {
    private static final int PATIENCE_MILLIS = 20_000;

    /** Who waits for an acknowledgement hears of it before Paho's other thread has counted it, and may be far ahead of that. */
    private static final int MAX_IN_FLIGHT = 1_000;

    private final MqttClient client;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    PahoV3Client(Login login) throws MqttException {
        this(login, options(login));
    }

    PahoV3Client(Login login, MqttConnectOptions options) throws MqttException {
        client = new MqttClient(login.uri(), login.clientId(), new MemoryPersistence());
        client.setTimeToWait(PATIENCE_MILLIS);
        client.setCallback(this);
        client.connect(options);
    }

    static MqttConnectOptions options(Login login) {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setUserName(login.userName());
        options.setPassword(login.password().toCharArray());
        options.setMaxInflight(MAX_IN_FLIGHT);
        return options;
    }

    /** How much has come so far. */
    int count() {
        return received.size();
    }

    boolean isConnected() {
        return client.isConnected();
    }

    @Override
    public void subscribe(String filter) throws MqttException {
        client.subscribe(filter, 1);
    }

    @Override
    public void publish(String topic, byte[] payload) throws MqttException {
        client.publish(topic, payload, 1, false);
    }

    @Override
    public List<Received> received() {
        return List.copyOf(received);
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        received.add(new Received(topic, message.getPayload()));
    }

    @Override
    public void connectionLost(Throwable cause) {}

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {}

    @Override
    public void close() {
        try {
            if (client.isConnected()) {
                client.disconnect();
            }
            client.close(true);
        } catch (MqttException e) {
            throw new IllegalStateException(e);
        }
    }
}
