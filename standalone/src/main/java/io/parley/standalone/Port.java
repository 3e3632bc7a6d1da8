package io.parley.standalone;

/** The TCP ports of the platform, each with the environment variable and the key of the setting that change it. */
public enum Port {
    MQTT("PARLEY_MQTT_PORT", "parley.mqtt.port", "MQTT"),
    MQTT_TLS("PARLEY_MQTT_TLS_PORT", "parley.mqtt.tls-port", "MQTT over TLS"),
    WEBSOCKET("PARLEY_WEBSOCKET_PORT", "parley.mqtt.websocket-port", "MQTT over WebSocket"),
    HTTP("PARLEY_HTTP_PORT", "parley.history.port", "history API"),
    BROKER_OPERATIONS("PARLEY_BROKER_OPERATIONS_PORT", "parley.broker.operations-port", "broker health and metrics"),
    ENGINE_OPERATIONS("PARLEY_ENGINE_OPERATIONS_PORT", "parley.engine.operations-port", "engine health and metrics"),
    PUSH_OPERATIONS("PARLEY_PUSH_OPERATIONS_PORT", "parley.push.operations-port", "push health and metrics"),
    KAFKA("PARLEY_KAFKA_PORT", "parley.standalone.kafka-port", "Kafka"),
    KAFKA_CONTROLLER("PARLEY_KAFKA_CONTROLLER_PORT", "parley.standalone.kafka-controller-port", "Kafka controller"),
    CASSANDRA("PARLEY_CASSANDRA_PORT", "parley.standalone.cassandra-port", "Cassandra"),
    CASSANDRA_STORAGE("PARLEY_CASSANDRA_STORAGE_PORT", "parley.standalone.cassandra-storage-port", "Cassandra storage");

    private final String variable;
    private final String key;
    private final String title;

    Port(String variable, String key, String title) {
        this.variable = variable;
        this.key = key;
        this.title = title;
    }

    /** The environment variable that sets it. */
    public String variable() {
        return variable;
    }

    /** The key of the setting, as in a {@code reference.conf}. */
    public String key() {
        return key;
    }

    /** What listens there, in words. */
    public String title() {
        return title;
    }
}
