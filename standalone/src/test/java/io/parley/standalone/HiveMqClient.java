package io.parley.standalone;

import com.hivemq.client.mqtt.MqttClientState;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The HiveMQ client, MQTT 5. A refusal is its Mqtt5PubAckException or Mqtt5SubAckException. */
final class HiveMqClient implements ChatClient {
    private final Mqtt5BlockingClient client;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    HiveMqClient(Login login) {
        client = login.hiveMq().buildBlocking();
        client.toAsync()
                .publishes(
                        MqttGlobalPublishFilter.ALL,
                        publish ->
                                received.add(new Received(publish.getTopic().toString(), publish.getPayloadAsBytes())));
        client.connect();
    }

    boolean isConnected() {
        return client.getState() == MqttClientState.CONNECTED;
    }

    @Override
    public void subscribe(String filter) {
        client.subscribeWith().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).send();
    }

    @Override
    public void publish(String topic, byte[] payload) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .send();
    }

    @Override
    public List<Received> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() {
        if (isConnected()) {
            client.disconnect();
        }
    }
}
