package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same chat over every listener, and in both encodings. */
@WithPlatform
class TransportsIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Platform platform;

    TransportsIT(Platform platform) {
        this.platform = platform;
    }

    /** The listeners besides plain TCP, each with the way there. */
    private enum Transport {
        TLS {
            @Override
            String uri(Addresses at) {
                return "ssl://localhost:" + at.mqttTls();
            }
        },
        WEBSOCKET {
            @Override
            String uri(Addresses at) {
                return "ws://" + Addresses.HOST + ":" + at.webSocket() + "/mqtt";
            }
        };

        abstract String uri(Addresses at);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void mqtt_5_and_3_chat_over_it(Transport transport) throws Exception {
        String name = "transport-" + transport.name().toLowerCase(Locale.ROOT);
        UserId five = UserId.parse(name + "-five");
        UserId three = UserId.parse(name + "-three");
        Login atFive = Login.of(platform, five, "phone");
        Login atThree = Login.of(platform, three, "phone");
        try (ChatClient one = new PahoV5Client(atFive, five(atFive, transport));
                ChatClient other = new PahoV3Client(atThree, three(atThree, transport))) {
            one.subscribe("chat/+/msg");
            other.subscribe("chat/+/msg");
            one.publish("chat/@" + three + "/msg", "from 5 by " + transport);
            other.publish("chat/@" + five + "/msg", "from 3 by " + transport);

            for (ChatClient each : List.of(one, other)) {
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(each.received())
                                .as(each.getClass().getSimpleName())
                                .hasSize(2));
            }
            assertThat(one.received()).isEqualTo(other.received());
            assertThat(one.received().get(0).payload()).contains("from 5 by " + transport);
            assertThat(one.received().get(1).payload()).contains("from 3 by " + transport);
        }
    }

    private MqttConnectionOptions five(Login login, Transport transport) throws Exception {
        MqttConnectionOptions options = PahoV5Client.options(login);
        options.setServerURIs(new String[] {transport.uri(platform.addresses())});
        if (transport == Transport.TLS) {
            options.setSocketFactory(trusting().getSocketFactory());
        }
        return options;
    }

    private MqttConnectOptions three(Login login, Transport transport) throws Exception {
        MqttConnectOptions options = PahoV3Client.options(login);
        options.setServerURIs(new String[] {transport.uri(platform.addresses())});
        if (transport == Transport.TLS) {
            options.setSocketFactory(trusting().getSocketFactory());
        }
        return options;
    }

    /** Whoever takes the certificate for the platform's takes no other. */
    private SSLContext trusting() throws GeneralSecurityException, IOException, PlatformException {
        TlsStore store = TlsStore.openOrCreate(platform.data());
        KeyStore keys =
                KeyStore.getInstance(store.keyStore().toFile(), store.password().toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("parley", keys.getCertificate("parley"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void a_device_that_asks_for_protobuf_gets_the_very_bytes_of_the_log() throws Exception {
        UserId pam = UserId.parse("transport-pam");
        UserId ray = UserId.parse("transport-ray");
        ConversationId chat = ConversationId.direct(pam, ray);
        String topic = "chat/" + chat + "/msg";
        byte[] message = WireFormat.PROTO.encode(
                Publication.newBuilder().setId("m1").setText("Grüße").build());
        Login byUserName = Login.of(platform, pam, "name").withUserName(pam + "?encoding=proto");
        try (KafkaConsumer<String, byte[]> log = eventsFromNowOn();
                ProtoDevice property = new ProtoDevice(Login.of(platform, pam, "property"), "proto");
                ProtoDevice name = new ProtoDevice(byUserName, null);
                HiveMqClient json = new HiveMqClient(Login.of(platform, ray, "phone"))) {
            property.subscribe(topic);
            name.subscribe(topic);
            property.publish(topic, message);
            json.publish(topic, "{\"id\":\"m2\",\"text\":\"in JSON\"}");

            List<byte[]> logged = new ArrayList<>();
            await().atMost(LIMIT).until(() -> {
                log.poll(Duration.ofMillis(100)).forEach(event -> {
                    if (event.key().equals(chat.value())) {
                        logged.add(event.value());
                    }
                });
                return logged.size() == 2;
            });
            assertThat(ChatEvent.parseFrom(logged.get(0)).getText()).isEqualTo("Grüße");
            for (ProtoDevice device : List.of(property, name)) {
                await().atMost(LIMIT).until(() -> device.received.size() == 2);
                assertThat(device.received.get(0)).isEqualTo(logged.get(0));
                assertThat(device.received.get(1)).isEqualTo(logged.get(1));
            }
        }
    }

    private KafkaConsumer<String, byte[]> eventsFromNowOn() {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        platform.addresses().kafka(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = consumer.partitionsFor(LogTopics.EVENTS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
        return consumer;
    }

    /** A device that keeps the bytes that come. */
    private static final class ProtoDevice implements AutoCloseable {
        private final Mqtt5BlockingClient client;
        private final List<byte[]> received = new CopyOnWriteArrayList<>();

        /** @param encoding the user property of that name, if any */
        ProtoDevice(Login login, @Nullable String encoding) {
            client = login.hiveMq().buildBlocking();
            client.toAsync()
                    .publishes(MqttGlobalPublishFilter.ALL, publish -> received.add(publish.getPayloadAsBytes()));
            client.connect(Mqtt5Connect.builder()
                    .userProperties(
                            encoding == null
                                    ? Mqtt5UserProperties.of()
                                    : Mqtt5UserProperties.of(Mqtt5UserProperty.of("encoding", encoding)))
                    .build());
        }

        void subscribe(String filter) {
            client.subscribeWith()
                    .topicFilter(filter)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
        }

        void publish(String topic, byte[] payload) {
            client.publishWith()
                    .topic(topic)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(payload)
                    .send();
        }

        @Override
        public void close() {
            client.disconnect();
        }
    }
}
