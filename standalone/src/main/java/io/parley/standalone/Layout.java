package io.parley.standalone;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How many processes of each role a platform has. It is fixed for a data directory: files of one are no files of the other. */
public enum Layout {
    /** One of each. */
    ALONE {
        @Override
        Plan plan(Addresses at, Set<RoleName> roles, ClusterSettings settings) {
            List<Site> sites = roles.stream()
                    .sorted()
                    .map(role -> new Site(ProcessName.only(role), Addresses.HOST, at, Map.of()))
                    .toList();
            return new Plan(this, roles, sites, at.environment());
        }
    },

    /**
     * Three Kafka brokers, Cassandra nodes and MQTT nodes, two engines, archivers and HTTP services, one of the others. The first of each listens where the only
     * one does. The others have addresses of their own, 127.0.0.2 and 127.0.0.3; but MQTT nodes and HTTP services, which clients connect to, have ports of their own on the
     * same address: they count up by one, those for operators by {@value #OPERATIONS_STEP}.
     */
    CLUSTER {
        @Override
        Plan plan(Addresses at, Set<RoleName> roles, ClusterSettings settings) {
            List<Site> places = new ArrayList<>();
            for (RoleName role : roles.stream().sorted().toList()) {
                for (int n = 1; n <= count(role); n++) {
                    places.add(place(role, count(role) == 1 ? 0 : n, at));
                }
            }
            List<Site> sites =
                    places.stream().map(site -> withSettings(site, places)).toList();
            return new Plan(this, roles, sites, environment(at, sites, settings));
        }
    };

    /** MQTT nodes and HTTP services that clients may choose from, as URIs separated by commas; unset on a platform that has one of each. */
    public static final String MQTT_NODES = "PARLEY_MQTT_NODES";

    public static final String HTTP_NODES = "PARLEY_HTTP_NODES";

    static final String NODE_SLOT = "PARLEY_NODE_SLOT";
    static final String HTTP_SLOT = "PARLEY_HTTP_SLOT";

    private static final int OPERATIONS_STEP = 100;
    /** The slots of HTTP services are counted from here down, those of MQTT nodes from 0 up. */
    private static final int LAST_SLOT = 7;

    private static final int REPLICAS = 3;

    /**
     * The processes of a platform.
     *
     * @param at where the first of each listens
     * @param roles which it has
     * @param settings where there are several of a role
     */
    abstract Plan plan(Addresses at, Set<RoleName> roles, ClusterSettings settings);

    /** What the data directory holds, if it holds any. */
    static Optional<Layout> of(Path data) {
        if (holds(data, "")) {
            return Optional.of(ALONE);
        }
        return holds(data, "-1") ? Optional.of(CLUSTER) : Optional.empty();
    }

    private static boolean holds(Path data, String suffix) {
        return Stream.of(RoleName.KAFKA, RoleName.CASSANDRA)
                .anyMatch(role -> Files.isDirectory(data.resolve(role + suffix)));
    }

    /** @throws PlatformException when the data directory is of another layout */
    void requireFits(Path data) throws PlatformException {
        Optional<Layout> found = of(data);
        if (found.isPresent() && found.get() != this) {
            throw new PlatformException(
                    found.get() == CLUSTER
                            ? data + " is the data of a cluster: start it with --cluster, or choose another --data"
                            : data
                                    + " is the data of a platform with one process of each kind: start it without --cluster,"
                                    + " or choose another --data");
        }
    }

    private static int count(RoleName role) {
        return switch (role) {
            case KAFKA, CASSANDRA, BROKER -> REPLICAS;
            case ENGINE, ARCHIVER, HISTORY -> 2;
            case PUSH, PUSH_SINK, PLUGINS -> 1;
        };
    }

    private static Site place(RoleName role, int number, Addresses at) {
        ProcessName process = new ProcessName(role, number);
        int index = process.index();
        if (role != RoleName.BROKER && role != RoleName.HISTORY) {
            return new Site(process, "127.0.0." + (index + 1), at, Map.of());
        }
        Map<Port, Integer> ports = new EnumMap<>(at.ports());
        for (Port port : Port.of(Set.of(role))) {
            ports.merge(port, port == Port.BROKER_OPERATIONS ? OPERATIONS_STEP * index : index, Integer::sum);
        }
        if (role == RoleName.HISTORY) {
            // The page that it serves connects to the MQTT node with the same number.
            ports.merge(Port.WEBSOCKET, index, Integer::sum);
        }
        return new Site(process, Addresses.HOST, new Addresses(ports), Map.of());
    }

    private static Site withSettings(Site site, List<Site> all) {
        ProcessName process = site.process();
        Map<String, String> own = new HashMap<>();
        switch (process.role()) {
            case KAFKA -> {
                own.put("PARLEY_KAFKA_HOST", site.host());
                own.put("PARLEY_KAFKA_NODE_ID", String.valueOf(process.number()));
                own.put("PARLEY_KAFKA_VOTERS", voters(all));
                own.put("PARLEY_KAFKA_FOLDER", process.toString());
            }
            case CASSANDRA -> {
                own.put("PARLEY_CASSANDRA_HOST", site.host());
                own.put("PARLEY_CASSANDRA_SEEDS", seeds(all));
                own.put("PARLEY_CASSANDRA_FOLDER", process.toString());
            }
            case ENGINE, ARCHIVER -> own.put("PARLEY_BIND", site.host());
            case BROKER -> {
                own.put(NODE_SLOT, String.valueOf(process.index()));
                own.putAll(ports(site));
            }
            case HISTORY -> {
                own.put(HTTP_SLOT, String.valueOf(LAST_SLOT - process.index()));
                own.putAll(ports(site));
                own.put(
                        Port.WEBSOCKET.variable(),
                        String.valueOf(site.addresses().webSocket()));
            }
            case PUSH, PUSH_SINK, PLUGINS -> {}
        }
        return new Site(process, site.host(), site.addresses(), own);
    }

    private static Map<String, String> ports(Site site) {
        Map<String, String> ports = new HashMap<>();
        site.listeners().forEach(listener -> ports.put(listener.port().variable(), String.valueOf(listener.number())));
        return ports;
    }

    private static String voters(List<Site> sites) {
        List<String> voters = new ArrayList<>();
        for (Site site : sites) {
            if (site.process().role() == RoleName.KAFKA) {
                voters.add(site.process().number() + "@" + site.host() + ":"
                        + site.addresses().of(Port.KAFKA_CONTROLLER));
            }
        }
        return String.join(",", voters);
    }

    private static String seeds(List<Site> sites) {
        return sites.stream()
                .filter(site -> site.process().role() == RoleName.CASSANDRA)
                .map(Site::host)
                .reduce((before, next) -> before + "," + next)
                .orElse("");
    }

    private static Map<String, String> environment(Addresses at, List<Site> sites, ClusterSettings settings) {
        Map<String, String> all = new TreeMap<>(at.environment());
        Map<String, String> several = new TreeMap<>();
        several.put("PARLEY_KAFKA_BOOTSTRAP", Plan.addresses(sites, Port.KAFKA, ""));
        several.put("PARLEY_CASSANDRA_CONTACT_POINTS", Plan.addresses(sites, Port.CASSANDRA, ""));
        several.put(MQTT_NODES, Plan.addresses(sites, Port.MQTT, "tcp://"));
        several.put(HTTP_NODES, Plan.addresses(sites, Port.HTTP, "http://"));
        several.values().removeAll(Collections.singleton(""));
        all.putAll(several);
        all.put("PARLEY_KAFKA_REPLICATION", String.valueOf(REPLICAS));
        // Longer than it takes until another broker leads: 3 s until one is missed, and the election.
        all.put("PARLEY_ENGINE_TRANSACTION_TIMEOUT", "8s");
        all.put("PARLEY_KAFKA_PARTITIONS", String.valueOf(settings.partitions()));
        all.put("PARLEY_ENGINE_COMMIT_INTERVAL_MILLIS", String.valueOf(settings.commitIntervalMillis()));
        all.put("PARLEY_CASSANDRA_REPLICATION", String.valueOf(REPLICAS));
        return all;
    }
}
