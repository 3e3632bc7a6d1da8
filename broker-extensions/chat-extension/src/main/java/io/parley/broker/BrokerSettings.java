package io.parley.broker;

import io.parley.runtime.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a broker node is told.
 *
 * @param bind address of all listeners
 * @param mqttPort TCP port of MQTT
 * @param tls the TLS listener, if there is to be one
 * @param websocketPort TCP port of MQTT over WebSocket
 * @param slot the node's partition of the deliveries topic
 * @param operationsPort TCP port of /healthz and /metrics
 * @param data where HiveMQ's files go
 * @param startTimeout how long the start waits for Kafka and Cassandra
 */
record BrokerSettings(
        String bind,
        int mqttPort,
        Optional<Tls> tls,
        int websocketPort,
        int slot,
        int operationsPort,
        Path data,
        Duration startTimeout) {

    /**
     * The TLS listener.
     *
     * @param port its TCP port
     * @param keystore the key store's path
     * @param password of the key store and of the private key
     */
    record Tls(int port, Path keystore, String password) {
        @Override
        public String toString() {
            return "Tls[port=" + port + ", keystore=" + keystore + "]";
        }
    }

    static BrokerSettings from(Settings settings) {
        return new BrokerSettings(
                settings.text("parley.bind"),
                settings.integer("parley.mqtt.port", 1, 65_535),
                tls(settings),
                settings.integer("parley.mqtt.websocket-port", 1, 65_535),
                settings.integer("parley.broker.slot", 0, 1023),
                settings.port("parley.broker.operations-port"),
                Path.of(settings.text("parley.broker.data")),
                settings.duration("parley.broker.start-timeout"));
    }

    private static Optional<Tls> tls(Settings settings) {
        return settings.optionalText("parley.tls.keystore").map(Path::of).map(keystore -> {
            if (!Files.isReadable(keystore)) {
                throw settings.bad("parley.tls.keystore", "must be a readable file");
            }
            return new Tls(
                    settings.integer("parley.mqtt.tls-port", 1, 65_535),
                    keystore.toAbsolutePath(),
                    settings.text("parley.tls.keystore-password"));
        });
    }
}
