package io.parley.standalone.model;

import java.util.Comparator;
import java.util.List;

/**
 * What one cluster needs for a load, with half of each processor and of each server left free: a node, or a third of the machines, may fail at the peak.
 *
 * @param load what its users do
 */
public record Capacity(Load load) {
    private static final double USED = 0.5;
    private static final double REPLICAS = 3;
    private static final double LEAST_SERVERS = 3;
    private static final double LEAST_NODES = 2;
    private static final double DEVICES_PER_NODE = 100_000;
    private static final double CORES_PER_NODE = 8;
    private static final double HEARTBEAT_SECONDS = 2;

    /** The most partitions of a topic that are keyed by conversation or user, and the most slots: both are limits of settings. */
    private static final double MOST_PARTITIONS = 1_024;

    private static final double MOST_SLOTS = 1_024;
    /** Each node says to each partition that it lives: what an engine of so many partitions should spend on it. */
    private static final double MOST_HEARTBEATS = 50_000;
    /** Beyond it a cluster is more than one team can repair: a judgement, no measurement. */
    private static final double MOST_CASSANDRA_NODES = 200;

    /**
     * Something of which a cluster can have only so much.
     *
     * @param name of it
     * @param need of the load
     * @param most that a cluster can have
     */
    public record Limit(String name, double need, double most) {
        /** Above 1: one cluster is not enough. */
        public double ratio() {
            return need / most;
        }
    }

    /** Cores that are busy at the peak: all servers together. */
    public double busyCores() {
        double each = Constant.CPU_MILLIS_PER_DELIVERY.value()
                + Math.max(0, load.deliveries() - 1) * Constant.CPU_MILLIS_PER_FURTHER_DELIVERY.value();
        return (load.peakMessages() * each + load.connects() * Constant.CPU_MILLIS_PER_CONNECT.value()) / 1_000;
    }

    /** Cores that there should be. */
    public double cores() {
        return Math.max(LEAST_SERVERS * 2, Math.ceil(busyCores() / USED));
    }

    /** A power of two: partitions are fixed for good, so leave room. */
    public double partitions() {
        double need = load.peakMessages() / (Constant.MESSAGES_PER_PARTITION.value() * USED);
        return Math.max(4, Math.pow(2, Math.ceil(Math.log(Math.max(need, 1)) / Math.log(2))));
    }

    /** MQTT nodes, by the devices that each takes. */
    public double nodes() {
        return Math.max(LEAST_NODES, Math.ceil(load.connected() / DEVICES_PER_NODE / (1 - 1 / REPLICAS)));
    }

    /** Memory of an MQTT node at the peak, bytes. */
    public double nodeBytes() {
        return load.connected() / nodes() * Constant.NODE_BYTES_PER_DEVICE.value();
    }

    /** Engine processes of eight cores. */
    public double engines() {
        return Math.max(LEAST_NODES, Math.ceil(partitions() / CORES_PER_NODE));
    }

    /** The engine's rows, one replica, bytes. */
    public double stateBytes() {
        return load.users()
                * (Constant.ENGINE_BYTES_PER_USER.value()
                        + load.conversations() / 2 * Constant.ENGINE_BYTES_PER_CONVERSATION.value()
                        + load.groups() * Constant.ENGINE_BYTES_PER_MEMBER.value()
                        + load.messagesPerDay() * load.days() * Constant.ENGINE_BYTES_PER_RECENT_MESSAGE.value());
    }

    /** Written to the log at the peak with replicas, bytes a second. */
    public double logBytes() {
        return load.peakMessages() * Constant.LOG_BYTES_PER_MESSAGE.value() * REPLICAS;
    }

    public double kafkaBrokers() {
        return Math.max(LEAST_SERVERS, Math.ceil(logBytes() / (Constant.KAFKA_BYTES_PER_BROKER.value() * USED)));
    }

    /** On the disks of Cassandra with replicas, bytes. */
    public double storedBytes() {
        return load.meanMessages() * 86_400 * load.days() * Constant.STORED_BYTES_PER_MESSAGE.value() * REPLICAS;
    }

    public double cassandraNodes() {
        double byDisk = storedBytes() / (Constant.CASSANDRA_BYTES_PER_NODE.value() * USED);
        double byWrites = load.peakMessages() * REPLICAS / (Constant.CASSANDRA_WRITES_PER_NODE.value() * USED);
        return Math.max(LEAST_SERVERS, Math.ceil(Math.max(byDisk, byWrites)));
    }

    /** To devices at the peak, bits a second. */
    public double deviceBits() {
        return load.peakMessages() * load.deliveries() * Constant.WIRE_BYTES_PER_DELIVERY.value() * 8;
    }

    /** CPU of all servers for one message, with its share of connects, seconds. */
    public double coreSecondsPerMessage() {
        return busyCores() / load.peakMessages();
    }

    /** What a cluster can have only so much of; that which is reached first comes first. */
    public List<Limit> limits() {
        return List.of(
                        new Limit("partitions (parley.kafka.partitions)", partitions(), MOST_PARTITIONS),
                        new Limit("slots of MQTT nodes (parley.deliveries.slots)", nodes(), MOST_SLOTS),
                        new Limit(
                                "heartbeats/s, of each node to each partition",
                                nodes() * partitions() / HEARTBEAT_SECONDS,
                                MOST_HEARTBEATS),
                        new Limit("nodes of one Cassandra", cassandraNodes(), MOST_CASSANDRA_NODES))
                .stream()
                .sorted(Comparator.comparingDouble(Limit::ratio).reversed())
                .toList();
    }

    /** How many clusters it takes so that none is beyond a limit: 1, or as many as users are divided among. */
    public int cells() {
        int cells = 1;
        while (cell(cells).limits().get(0).ratio() > 1) {
            cells++;
        }
        return cells;
    }

    /** One of so many clusters, with its part of the users. */
    public Capacity cell(int cells) {
        return new Capacity(new Load(
                load.users() / cells,
                load.messagesPerDay(),
                load.online(),
                load.devices(),
                load.conversations(),
                load.groups(),
                load.groupShare(),
                load.groupMembers(),
                load.peak(),
                load.connectsPerHour(),
                load.days()));
    }
}
