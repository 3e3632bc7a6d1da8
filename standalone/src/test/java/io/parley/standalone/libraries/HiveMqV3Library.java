package io.parley.standalone.libraries;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscription;
import io.parley.standalone.Addresses;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** HiveMQ's client for Java, MQTT 3.1.1, with its default settings and its default automatic reconnect. */
final class HiveMqV3Library implements LibraryClient {
    private static final long PATIENCE_SECONDS = 40;

    private final Journal journal;
    private final Mqtt3AsyncClient client;

    HiveMqV3Library(Seat seat) throws Exception {
        journal = seat.journal();
        client = Mqtt3Client.builder()
                .identifier(seat.login().clientId())
                .serverHost(Addresses.HOST)
                .serverPort(seat.login().port())
                .simpleAuth()
                .username(seat.login().userName())
                .password(seat.login().passwordBytes())
                .applySimpleAuth()
                .automaticReconnectWithDefaultConfig()
                .buildAsync();
        client.publishes(
                MqttGlobalPublishFilter.ALL,
                message -> journal.received(message.getTopic().toString(), message.getPayloadAsBytes(), null));
        var unused = client.connectWith().cleanSession(false).send().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Mqtt3Subscribe subscribe = Mqtt3Subscribe.builder()
                .addSubscriptions(seat.filters().stream()
                        .map(filter -> Mqtt3Subscription.builder()
                                .topicFilter(filter)
                                .qos(MqttQos.AT_LEAST_ONCE)
                                .build()))
                .build();
        var unusedToo = client.subscribe(subscribe).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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
