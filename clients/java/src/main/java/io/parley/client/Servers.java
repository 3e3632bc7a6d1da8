package io.parley.client;

import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfigBuilder;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The nodes of a platform, one after the other. For one thread. */
final class Servers {
    private static final Set<String> SCHEMES = Set.of("tcp", "mqtt", "ssl", "mqtts", "ws", "wss");

    private final List<URI> all;
    private int current;

    Servers(List<URI> all) {
        this.all = all;
    }

    /** @throws IllegalArgumentException that says what is wrong */
    static void check(URI server) {
        if (server.getScheme() == null || !SCHEMES.contains(server.getScheme()) || server.getHost() == null) {
            throw new IllegalArgumentException(
                    "server " + server + ": write tcp://host:1883, ssl://host:8883 or wss://host/mqtt");
        }
    }

    MqttClientTransportConfig current() {
        return transport(all.get(current));
    }

    /** The node that the last one named (its Server Reference), else the next in turn. */
    MqttClientTransportConfig next(Optional<String> reference) {
        URI before = all.get(current);
        current = (current + 1) % all.size();
        return reference
                .map(place -> transport(
                        URI.create(before.getScheme() + "://" + place.strip().split("\\s+", 2)[0])))
                .orElseGet(this::current);
    }

    private static MqttClientTransportConfig transport(URI server) {
        String scheme = server.getScheme();
        boolean secure = scheme.equals("ssl") || scheme.equals("mqtts") || scheme.equals("wss");
        boolean web = scheme.startsWith("ws");
        int usual = web ? (secure ? 443 : 80) : (secure ? 8883 : 1883);
        MqttClientTransportConfigBuilder transport = MqttClientTransportConfig.builder()
                .serverHost(server.getHost())
                .serverPort(server.getPort() < 0 ? usual : server.getPort());
        MqttClientTransportConfigBuilder encrypted = secure ? transport.sslWithDefaultConfig() : transport;
        if (!web) {
            return encrypted.build();
        }
        String path = server.getPath() == null ? "" : server.getPath().replaceFirst("^/", "");
        return encrypted
                .webSocketConfig()
                .serverPath(path.isEmpty() ? "mqtt" : path)
                .applyWebSocketConfig()
                .build();
    }
}
