package io.parley.standalone;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Eclipse Paho, MQTT 5. */
final class PahoV5Client implements ChatClient, MqttCallback {
    private static final int PATIENCE_MILLIS = 20_000;

    private final MqttClient client;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    PahoV5Client(Login login) throws MqttException {
        this(login, options(login));
    }

    PahoV5Client(Login login, MqttConnectionOptions options) throws MqttException {
        client = new MqttClient(login.uri(), login.clientId(), new MemoryPersistence());
        client.setTimeToWait(PATIENCE_MILLIS);
        client.setCallback(this);
        client.connect(options);
    }

    static MqttConnectionOptions options(Login login) {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(login.userName());
        options.setPassword(login.passwordBytes());
        options.setAutomaticReconnect(false);
        return options;
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
