package io.parley.protocol;

import java.util.HashMap;
import java.util.Map;

/**
 * How Kafka is reached.
 *
 * @param properties of every client: {@code bootstrap.servers}, and what the cluster's security asks for
 */
public record KafkaClient(Map<String, Object> properties) {
    private static final String BOOTSTRAP = "bootstrap.servers";

    public KafkaClient {
        properties = Map.copyOf(properties);
    }

    /**
     * Without security.
     *
     * @param bootstrap {@code host:port} of Kafka brokers, comma-separated
     */
    public static KafkaClient at(String bootstrap) {
        return new KafkaClient(Map.of(BOOTSTRAP, bootstrap));
    }

    /** {@code host:port} of Kafka brokers, comma-separated. */
    public String bootstrap() {
        return String.valueOf(properties.get(BOOTSTRAP));
    }

    /** The properties of one client. Its own are stronger: what it promises rests on them. */
    public Map<String, Object> with(Map<String, Object> own) {
        Map<String, Object> all = new HashMap<>(properties);
        all.putAll(own);
        return all;
    }

    /** Without the properties, of which some are secret. */
    @Override
    public String toString() {
        return bootstrap();
    }
}
