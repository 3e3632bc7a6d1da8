package io.parley.standalone.libraries;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** HiveMQ's client for Java, MQTT 5, with its default settings and its default automatic reconnect. */
final class HiveMqV5Library implements LibraryClient {
    private static final long PATIENCE_SECONDS = 40;

    private final Journal journal;
    private final Mqtt5AsyncClient client;

    HiveMqV5Library(Seat seat) throws Exception {
        journal = seat.journal();
        client = seat.login().hiveMq().automaticReconnectWithDefaultConfig().buildAsync();
        client.publishes(
                MqttGlobalPublishFilter.ALL,
                message -> journal.received(message.getTopic().toString(), message.getPayloadAsBytes(), null));
        var connected = client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(Seat.EXPIRY_SECONDS)
                .send();
        var unused = connected.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Mqtt5Subscribe subscribe = Mqtt5Subscribe.builder()
                .addSubscriptions(seat.filters().stream()
                        .map(filter -> Mqtt5Subscription.builder()
                                .topicFilter(filter)
                                .qos(MqttQos.AT_LEAST_ONCE)
                                .build()))
                .build();
        var unusedAnswer = client.subscribe(subscribe).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void publish(String topic, String payload) {
        var unused = client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send()
                .whenComplete((result, failure) -> {
                    if (failure != null) {
                        journal.problem("gave up " + payload + ": " + failure);
                    }
                });
    }

    @Override
    public void close() throws Exception {
        var unused = client.disconnect().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
