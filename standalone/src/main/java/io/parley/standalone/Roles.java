package io.parley.standalone;

import io.parley.runtime.Settings;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The table of the platform's processes. */
public final class Roles {

    private Roles() {}

    /** One role as it is deployed: it reads its settings itself, and has from here what they do not say. */
    public static Role alone(RoleName name, Settings settings, Path data) {
        Addresses addresses = Addresses.from(settings);
        Map<String, String> environment = new HashMap<>(Tokens.environment(Tokens.believed(settings, data)));
        environment.put("PARLEY_DATA", data.toString());
        if (name.ownsFiles()) {
            // Kafka's and Cassandra's processes know no file of settings.
            environment.putAll(addresses.environment());
        }
        return table(addresses, environment, EnumSet.of(name, RoleName.ARCHIVER)).stream()
                .filter(role -> role.name() == name)
                .findFirst()
                .orElseThrow();
    }

    /**
     * All roles for the given ports; {@code environment} goes to each.
     *
     * @param started those that will be started; the engine's process has the archiver in it if that is none of them
     */
    public static List<Role> table(Addresses at, Map<String, String> environment, Set<RoleName> started) {
        boolean alone = started.contains(RoleName.ARCHIVER);
        return List.of(
                new Role(
                        RoleName.KAFKA,
                        "standalone/kafka-server",
                        "io.parley.standalone.kafka.KafkaServerMain",
                        256,
                        environment,
                        kafka(at.of(Port.KAFKA), environment),
                        1),
                new Role(
                        RoleName.CASSANDRA,
                        "standalone/cassandra-server",
                        "io.parley.standalone.cassandra.CassandraServerMain",
                        512,
                        environment,
                        cassandra(at.of(Port.CASSANDRA), environment),
                        1),
                new Role(
                        RoleName.ENGINE,
                        alone ? "bridge/engine" : "bridge/combined",
                        alone ? "io.parley.bridge.EngineMain" : "io.parley.combined.CombinedMain",
                        384,
                        environment,
                        Readiness.healthz(at.of(Port.ENGINE_OPERATIONS)),
                        2),
                new Role(
                        RoleName.ARCHIVER,
                        "bridge/archiver",
                        "io.parley.archiver.ArchiverMain",
                        128,
                        environment,
                        Readiness.healthz(at.of(Port.ARCHIVER_OPERATIONS)),
                        3),
                new Role(
                        RoleName.BROKER,
                        "broker-extensions/chat-extension",
                        "io.parley.broker.BrokerMain",
                        256,
                        environment,
                        Readiness.healthz(at.of(Port.BROKER_OPERATIONS)),
                        3),
                new Role(
                        RoleName.HISTORY,
                        "history-service",
                        "io.parley.history.HistoryMain",
                        160,
                        environment,
                        Readiness.healthz(at.of(Port.HTTP)),
                        3),
                new Role(
                        RoleName.PUSH_SINK,
                        "push-service",
                        "io.parley.push.sink.PushSinkMain",
                        64,
                        environment,
                        Readiness.healthz(at.of(Port.PUSH_SINK_OPERATIONS)),
                        1),
                new Role(
                        RoleName.PUSH,
                        "push-service",
                        "io.parley.push.PushMain",
                        64,
                        environment,
                        Readiness.healthz(at.of(Port.PUSH_OPERATIONS)),
                        3));
    }

    private static Readiness kafka(int port, Map<String, String> environment) {
        return environment.containsKey("PARLEY_KAFKA_CLIENT_FILE") ? Readiness.listening(port) : Readiness.kafka(port);
    }

    private static Readiness cassandra(int port, Map<String, String> environment) {
        return environment.containsKey("PARLEY_CASSANDRA_DRIVER_FILE")
                ? Readiness.listening(port)
                : Readiness.cassandra(port);
    }
}
