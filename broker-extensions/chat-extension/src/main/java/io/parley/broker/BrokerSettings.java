package io.parley.broker;

import io.parley.broker.topics.TopicSettings;
import io.parley.gateway.throttling.Limits;
import io.parley.gateway.throttling.MemberThrottle;
import io.parley.gateway.throttling.Rate;
import io.parley.runtime.LimitSettings;
import io.parley.runtime.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a broker node is told.
 *
 * @param bind address of all listeners
 * @param mqttPort TCP port of MQTT
 * @param tls the TLS listener, if there is to be one
 * @param websocketPort TCP port of MQTT over WebSocket
 * @param connections how many connections and bytes it takes
 * @param topics ordinary MQTT beside the chat
 * @param slot the slot that the node takes if it is free
 * @param operationsPort TCP port of /healthz and /metrics
 * @param data where HiveMQ's files go
 * @param startTimeout how long the start waits for Kafka and Cassandra
 * @param drainTime over which connections end when the node is stopped
 * @param serverReference where devices are sent then; empty: they know
 */
record BrokerSettings(
        String bind,
        int mqttPort,
        Optional<Tls> tls,
        int websocketPort,
        Connections connections,
        TopicSettings topics,
        OptionalInt slot,
        int operationsPort,
        Path data,
        Duration startTimeout,
        Duration drainTime,
        String serverReference) {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(10);
    private static final Duration SECOND = Duration.ofSeconds(1);

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

    /**
     * What a node takes of all its clients together.
     *
     * @param most connections at the same time
     * @param connectTimeout from a connection's beginning to its CONNECT, in TLS also to the end of the handshake
     * @param connectsPerSecond CONNECTs, 1 or more
     * @param bytesPerSecond read from all connections, 0 for no limit
     */
    record Connections(long most, Duration connectTimeout, long connectsPerSecond, long bytesPerSecond) {
        private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

        static Connections from(Settings settings) {
            Duration timeout = settings.duration("parley.mqtt.connect-timeout");
            if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
                throw settings.bad("parley.mqtt.connect-timeout", "must be from 1ms to 1h");
            }
            long bytesPerSecond = settings.bytes("parley.mqtt.incoming-bytes-per-second");
            if (bytesPerSecond < 0) {
                throw settings.bad("parley.mqtt.incoming-bytes-per-second", "must not be negative");
            }
            return new Connections(
                    settings.wholeNumber("parley.mqtt.max-connections", 1, Integer.MAX_VALUE),
                    timeout,
                    settings.wholeNumber("parley.mqtt.connects-per-second", 1, 1_000_000),
                    bytesPerSecond);
        }
    }

    static BrokerSettings from(Settings settings) {
        return new BrokerSettings(
                settings.text("parley.bind"),
                settings.integer("parley.mqtt.port", 1, 65_535),
                tls(settings),
                settings.integer("parley.mqtt.websocket-port", 1, 65_535),
                Connections.from(settings),
                TopicSettings.from(settings),
                settings.optionalInteger("parley.broker.slot", 0, 1023),
                settings.port("parley.broker.operations-port"),
                Path.of(settings.text("parley.broker.data")),
                settings.duration("parley.broker.start-timeout"),
                drainTime(settings),
                settings.optionalText("parley.broker.server-reference").orElse(""));
    }

    private static Duration drainTime(Settings settings) {
        Duration time = settings.duration("parley.broker.drain-time");
        if (time.compareTo(LONGEST_DRAIN) > 0) {
            throw settings.bad("parley.broker.drain-time", "must be from 0s to 10m");
        }
        return time;
    }

    /** What a user may do: {@code parley.limits}. */
    static Limits.Rates rates(LimitSettings limits) {
        return new Limits.Rates(
                new Rate(limits.messages(), TEN_SECONDS),
                new Rate(limits.bytes(), TEN_SECONDS),
                new Rate(limits.requests(), TEN_SECONDS, limits.requestsPerSecond(), SECOND));
    }

    /** How many members a user's requests may name. */
    static MemberThrottle members(LimitSettings limits) {
        return new MemberThrottle(new Rate(limits.members(), TEN_SECONDS));
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
