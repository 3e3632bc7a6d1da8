package io.parley.demo;

import io.parley.protocol.UserId;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * The platform that clients talk to.
 *
 * @param mqttNodes its MQTT nodes, {@code tcp://host:port} (also {@code ssl://}, {@code ws://}), in the order in which a client tries them; one at least
 * @param httpNodes its HTTP services' bases, likewise
 * @param tokens a valid token for any user
 */
public record DemoTarget(List<URI> mqttNodes, List<URI> httpNodes, Function<UserId, String> tokens) {

    public DemoTarget {
        mqttNodes = List.copyOf(mqttNodes);
        httpNodes = List.copyOf(httpNodes);
        if (mqttNodes.isEmpty() || httpNodes.isEmpty()) {
            throw new IllegalArgumentException("a platform has an MQTT node and an HTTP service");
        }
    }

    /** A platform with one of each, or with one address for all. */
    public DemoTarget(URI mqtt, URI http, Function<UserId, String> tokens) {
        this(List.of(mqtt), List.of(http), tokens);
    }

    /** The MQTT node to begin with. */
    public URI mqtt() {
        return mqttNodes.get(0);
    }

    /** The HTTP service to begin with. */
    public URI http() {
        return httpNodes.get(0);
    }

    /** The same platform, beginning so many nodes further on: clients with consecutive numbers spread over all nodes. */
    public DemoTarget turned(int turns) {
        return new DemoTarget(turned(mqttNodes, turns), turned(httpNodes, turns), tokens);
    }

    private static List<URI> turned(List<URI> nodes, int turns) {
        List<URI> turned = new ArrayList<>(nodes);
        Collections.rotate(turned, -turns);
        return turned;
    }
}
