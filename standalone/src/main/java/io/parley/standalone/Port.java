package io.parley.standalone;

/** The TCP ports of the platform, each with the environment variable that changes it. */
public enum Port {
    MQTT("PARLEY_MQTT_PORT", 1883, "MQTT"),
    MQTT_TLS("PARLEY_MQTT_TLS_PORT", 8883, "MQTT over TLS"),
    WEBSOCKET("PARLEY_WEBSOCKET_PORT", 8083, "MQTT over WebSocket"),
    HTTP("PARLEY_HTTP_PORT", 8080, "history API"),
    BROKER_OPERATIONS("PARLEY_BROKER_OPERATIONS_PORT", 8091, "broker health and metrics"),
    ENGINE_OPERATIONS("PARLEY_ENGINE_OPERATIONS_PORT", 8092, "engine health and metrics"),
    KAFKA("PARLEY_KAFKA_PORT", 19_092, "Kafka"),
    KAFKA_CONTROLLER("PARLEY_KAFKA_CONTROLLER_PORT", 19_093, "Kafka controller"),
    CASSANDRA("PARLEY_CASSANDRA_PORT", 19_042, "Cassandra"),
    CASSANDRA_STORAGE("PARLEY_CASSANDRA_STORAGE_PORT", 19_700, "Cassandra storage");

    private final String variable;
    private final int usual;
    private final String title;

    Port(String variable, int usual, String title) {
        this.variable = variable;
        this.usual = usual;
        this.title = title;
    }

    /** The environment variable that sets it. */
    public String variable() {
        return variable;
    }

    /** The port when nothing is set. */
    public int usual() {
        return usual;
    }

    /** What listens there, in words. */
    public String title() {
        return title;
    }
}
