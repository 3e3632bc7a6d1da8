package io.parley.standalone;

import com.typesafe.config.ConfigFactory;
import io.parley.runtime.BadSetting;
import io.parley.runtime.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where a platform listens, all on loopback.
 *
 * @param ports a TCP port for each {@link Port}
 */
public record Addresses(Map<Port, Integer> ports) {
    public static final String HOST = "127.0.0.1";

    static final int HIGHEST = 65_535;

    /** Free ports are looked for below those that systems use for outgoing connections. */
    private static final int FREE_FROM = 20_000;

    private static final int FREE_TO = 32_000;

    public Addresses {
        ports = Map.copyOf(ports);
        for (Port port : Port.values()) {
            if (!ports.containsKey(port)) {
                throw new IllegalArgumentException("no port for " + port.title());
            }
        }
    }

    /**
     * The ports of the settings.
     *
     * @throws BadSetting when one is no port
     */
    public static Addresses from(Settings settings) {
        Map<Port, Integer> ports = new EnumMap<>(Port.class);
        for (Port port : Port.values()) {
            try {
                ports.put(port, settings.port(port.key()));
            } catch (BadSetting e) {
                throw new BadSetting(port.variable() + ": " + e.getMessage());
            }
        }
        return new Addresses(ports);
    }

    /** The ports that {@link #environment} has told. */
    static Addresses from(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>();
        for (Port port : Port.values()) {
            settings.put(port.key(), environment.getOrDefault(port.variable(), ""));
        }
        return from(Settings.of(ConfigFactory.parseMap(settings)));
    }

    /** Ports that nobody listens on now; for tests. */
    public static Addresses free() {
        Map<Port, Integer> ports = new EnumMap<>(Port.class);
        Set<Integer> used = new HashSet<>();
        for (Port port : Port.values()) {
            int candidate;
            do {
                candidate = ThreadLocalRandom.current().nextInt(FREE_FROM, FREE_TO);
            } while (!used.add(candidate) || isTaken(candidate));
            ports.put(port, candidate);
        }
        return new Addresses(ports);
    }

    /** The number of {@code port}. */
    public int of(Port port) {
        Integer number = ports.get(port);
        if (number == null) {
            throw new IllegalStateException("no port for " + port);
        }
        return number;
    }

    public int mqtt() {
        return of(Port.MQTT);
    }

    public int mqttTls() {
        return of(Port.MQTT_TLS);
    }

    public int webSocket() {
        return of(Port.WEBSOCKET);
    }

    public int http() {
        return of(Port.HTTP);
    }

    /** {@code host:port} of Kafka. */
    public String kafka() {
        return HOST + ":" + of(Port.KAFKA);
    }

    /** {@code host:port} of Cassandra. */
    public String cassandra() {
        return HOST + ":" + of(Port.CASSANDRA);
    }

    private static boolean isTaken(int number) {
        try (ServerSocket probe = new ServerSocket(number, 1, InetAddress.getLoopbackAddress())) {
            return !probe.isBound();
        } catch (IOException e) {
            return true;
        }
    }

    /** The environment variables that tell every process and client of the platform where things are. */
    public Map<String, String> environment() {
        Map<String, String> environment = new java.util.TreeMap<>();
        for (Port port : Port.values()) {
            environment.put(port.variable(), String.valueOf(of(port)));
        }
        environment.put("PARLEY_KAFKA_BOOTSTRAP", kafka());
        environment.put("PARLEY_CASSANDRA_CONTACT_POINTS", cassandra());
        return environment;
    }
}
