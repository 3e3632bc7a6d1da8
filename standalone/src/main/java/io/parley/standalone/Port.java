package io.parley.standalone;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The TCP ports of the platform, each with its process, and with the environment variable and the key of the setting that change it. */
public enum Port {
    MQTT(RoleName.BROKER, "PARLEY_MQTT_PORT", "parley.mqtt.port", "MQTT"),
    MQTT_TLS(RoleName.BROKER, "PARLEY_MQTT_TLS_PORT", "parley.mqtt.tls-port", "MQTT over TLS"),
    WEBSOCKET(RoleName.BROKER, "PARLEY_WEBSOCKET_PORT", "parley.mqtt.websocket-port", "MQTT over WebSocket"),
    HTTP(RoleName.HISTORY, "PARLEY_HTTP_PORT", "parley.history.port", "history API"),
    BROKER_OPERATIONS(
            RoleName.BROKER,
            "PARLEY_BROKER_OPERATIONS_PORT",
            "parley.broker.operations-port",
            "broker health and metrics"),
    ENGINE_OPERATIONS(
            RoleName.ENGINE,
            "PARLEY_ENGINE_OPERATIONS_PORT",
            "parley.engine.operations-port",
            "engine health and metrics"),
    ARCHIVER_OPERATIONS(
            RoleName.ARCHIVER,
            "PARLEY_ARCHIVER_OPERATIONS_PORT",
            "parley.archiver.operations-port",
            "archiver health and metrics"),
    PUSH_OPERATIONS(
            RoleName.PUSH, "PARLEY_PUSH_OPERATIONS_PORT", "parley.push.operations-port", "push health and metrics"),
    PUSH_SINK_OPERATIONS(
            RoleName.PUSH_SINK,
            "PARLEY_PUSH_SINK_OPERATIONS_PORT",
            "parley.push-sink.operations-port",
            "push sink health and metrics"),
    PUSH_SINK_APNS(
            RoleName.PUSH_SINK,
            "PARLEY_PUSH_SINK_APNS_PORT",
            "parley.push-sink.apns-port",
            "push sink in place of Apple"),
    PUSH_SINK_FCM(
            RoleName.PUSH_SINK,
            "PARLEY_PUSH_SINK_FCM_PORT",
            "parley.push-sink.fcm-port",
            "push sink in place of Google"),
    PUSH_SINK_WEB_PUSH(
            RoleName.PUSH_SINK,
            "PARLEY_PUSH_SINK_WEB_PUSH_PORT",
            "parley.push-sink.web-push-port",
            "push sink for browsers"),
    PLUGINS(RoleName.PLUGINS, "PARLEY_PLUGINS_PORT", "parley.plugins.port", "plugins, for nodes"),
    PLUGINS_OPERATIONS(
            RoleName.PLUGINS,
            "PARLEY_PLUGINS_OPERATIONS_PORT",
            "parley.plugins.operations-port",
            "plugins, health and metrics"),
    KAFKA(RoleName.KAFKA, "PARLEY_KAFKA_PORT", "parley.standalone.kafka-port", "Kafka"),
    KAFKA_CONTROLLER(
            RoleName.KAFKA,
            "PARLEY_KAFKA_CONTROLLER_PORT",
            "parley.standalone.kafka-controller-port",
            "Kafka controller"),
    CASSANDRA(RoleName.CASSANDRA, "PARLEY_CASSANDRA_PORT", "parley.standalone.cassandra-port", "Cassandra"),
    CASSANDRA_STORAGE(
            RoleName.CASSANDRA,
            "PARLEY_CASSANDRA_STORAGE_PORT",
            "parley.standalone.cassandra-storage-port",
            "Cassandra storage");

    private final RoleName role;
    private final String variable;
    private final String key;
    private final String title;

    Port(RoleName role, String variable, String key, String title) {
        this.role = role;
        this.variable = variable;
        this.key = key;
        this.title = title;
    }

    /** The process that listens there. */
    public RoleName role() {
        return role;
    }

    /** The ports of these processes. */
    public static List<Port> of(Set<RoleName> roles) {
        return Arrays.stream(values()).filter(port -> roles.contains(port.role)).toList();
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
