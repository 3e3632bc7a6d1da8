package io.parley.standalone.model;

/**
 * What a unit of work or state costs: all that the model knows of the platform. A figure that was measured names its page; one that was not says so.
 */
public enum Constant {
    CPU_MILLIS_PER_DELIVERY(
            "CPU of all servers for a message of two, to its delivery",
            0.4,
            "ms",
            "measurements.md: both compilers, 3,200/s"),
    CPU_MILLIS_PER_CONNECT(
            "CPU of all servers for a device that comes back", 20, "ms", "measurements.md: 50 connects/s"),
    CPU_MILLIS_PER_FURTHER_DELIVERY(
            "CPU of a node for each further device that gets the message",
            0.05,
            "ms",
            "assumed: an encoding and a write"),
    MESSAGES_PER_PARTITION(
            "messages/s of one partition (one engine thread)",
            3_200,
            "/s",
            "measurements.md: one partition, p99 278 ms"),
    NODE_BYTES_PER_DEVICE(
            "memory of an MQTT node for a connected device",
            22_000,
            "B",
            "scale.md: 11.7 kB of heap; measurements.md: 10 KiB resident"),
    ENGINE_BYTES_PER_USER("rows of a user with one device", 125, "B", "scale.md"),
    ENGINE_BYTES_PER_CONVERSATION("rows of a conversation of two", 414, "B", "scale.md"),
    ENGINE_BYTES_PER_MEMBER("rows of a member of a group who wrote and read", 144, "B", "scale.md"),
    ENGINE_BYTES_PER_RECENT_MESSAGE(
            "rows of a recent message, until the conversation is dormant", 31, "B", "scale.md: 3,131 B for 100"),
    WIRE_BYTES_PER_DELIVERY("a delivered message on the wire", 140, "B", "measurements.md: ten in 1.4 kB"),
    LOG_BYTES_PER_MESSAGE(
            "records of a message in all topics, before replication",
            2_000,
            "B",
            "assumed: command, event, delivery, changed rows, pointers"),
    STORED_BYTES_PER_MESSAGE(
            "a message in Cassandra, before replication", 400, "B", "assumed: the event and its row, compressed"),
    KAFKA_BYTES_PER_BROKER(
            "bytes/s that one Kafka broker writes, replicas included",
            100e6,
            "B/s",
            "assumed: half of a 2 Gbit/s disk"),
    CASSANDRA_WRITES_PER_NODE("writes/s of one Cassandra node, replicas included", 10_000, "/s", "assumed: 8 cores"),
    CASSANDRA_BYTES_PER_NODE(
            "bytes on one Cassandra node", 2e12, "B", "assumed: so that it can be rebuilt within a day");

    private final String what;
    private final double value;
    private final String unit;
    private final String source;

    Constant(String what, double value, String unit, String source) {
        this.what = what;
        this.value = value;
        this.unit = unit;
        this.source = source;
    }

    /** In words. */
    public String what() {
        return what;
    }

    /** In {@link #unit}. */
    public double value() {
        return value;
    }

    public String unit() {
        return unit;
    }

    /** The page of {@code docs/} with the measurement, or {@code assumed:} and why. */
    public String source() {
        return source;
    }
}
