package io.parley.standalone;

import io.parley.runtime.Settings;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The table of the platform's processes. */
public final class Roles {

    private Roles() {}

    /** One role as it is deployed: it reads its settings itself, and has from here what they do not say. */
    public static Role alone(RoleName name, Settings settings, Path data) {
        Addresses addresses = Addresses.from(settings);
        Map<String, String> environment = new HashMap<>(Tokens.environment(Tokens.believed(settings, data)));
        environment.put("PARLEY_DATA", data.toString());
        environment.put(PluginsFolder.VARIABLE, PluginsFolder.of(settings, data).toString());
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
        return Stream.of(RoleName.values())
                .map(name -> new Site(ProcessName.only(name), Addresses.HOST, at, Map.of()))
                .map(site -> role(site, environment, started.contains(RoleName.ARCHIVER)))
                .toList();
    }

    /** @param archiverAlone whether the archiver is a process, and not in the engine's */
    static Role role(Site site, Map<String, String> environment, boolean archiverAlone) {
        ProcessName process = site.process();
        return switch (process.role()) {
            case KAFKA ->
                new Role(
                        process,
                        "standalone/kafka-server",
                        "io.parley.standalone.kafka.KafkaServerMain",
                        256,
                        environment,
                        kafka(site, environment),
                        1);
            case CASSANDRA ->
                new Role(
                        process,
                        "standalone/cassandra-server",
                        "io.parley.standalone.cassandra.CassandraServerMain",
                        512,
                        environment,
                        cassandra(site, environment),
                        1);
            case ENGINE ->
                new Role(
                        process,
                        archiverAlone ? "bridge/engine" : "bridge/combined",
                        archiverAlone ? "io.parley.bridge.EngineMain" : "io.parley.combined.CombinedMain",
                        384,
                        environment,
                        healthz(site, Port.ENGINE_OPERATIONS),
                        2);
            case ARCHIVER ->
                new Role(
                        process,
                        "bridge/archiver",
                        "io.parley.archiver.ArchiverMain",
                        128,
                        environment,
                        healthz(site, Port.ARCHIVER_OPERATIONS),
                        // The first makes the tables, for which others wait. Two that make one at the same time make
                        // two of that name.
                        process.index() == 0 ? 2 : 3);
            case BROKER ->
                new Role(
                        process,
                        "broker-extensions/chat-extension",
                        "io.parley.broker.BrokerMain",
                        256,
                        environment,
                        healthz(site, Port.BROKER_OPERATIONS),
                        3);
            case HISTORY ->
                new Role(
                        process,
                        "history-service",
                        "io.parley.history.HistoryMain",
                        160,
                        environment,
                        healthz(site, Port.HTTP),
                        3);
            case PUSH_SINK ->
                new Role(
                        process,
                        "push-service",
                        "io.parley.push.sink.PushSinkMain",
                        64,
                        environment,
                        healthz(site, Port.PUSH_SINK_OPERATIONS),
                        1);
            case PUSH ->
                new Role(
                        process,
                        "push-service",
                        "io.parley.push.PushMain",
                        64,
                        environment,
                        healthz(site, Port.PUSH_OPERATIONS),
                        3);
            case PLUGINS ->
                new Role(
                        process,
                        "plugin-service",
                        "io.parley.plugins.PluginsMain",
                        96,
                        environment,
                        healthz(site, Port.PLUGINS_OPERATIONS),
                        // Before the nodes, which ask it.
                        2);
        };
    }

    private static Readiness healthz(Site site, Port port) {
        return Readiness.healthz(site.host(), site.addresses().of(port));
    }

    private static Readiness kafka(Site site, Map<String, String> environment) {
        int port = site.addresses().of(Port.KAFKA);
        return environment.containsKey("PARLEY_KAFKA_CLIENT_FILE")
                ? Readiness.listening(site.host(), port)
                : Readiness.kafka(site.host(), port);
    }

    private static Readiness cassandra(Site site, Map<String, String> environment) {
        int port = site.addresses().of(Port.CASSANDRA);
        return environment.containsKey("PARLEY_CASSANDRA_DRIVER_FILE")
                ? Readiness.listening(site.host(), port)
                : Readiness.cassandra(site.host(), port);
    }
}
