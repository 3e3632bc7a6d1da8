package io.parley.bridge.engine;

import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.user.machine.UserRules;
import io.parley.protocol.LogTopics;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.Stores;

/** Which machine reads and writes which topic. */
public final class EngineTopology {
    private static final String CONVERSATIONS = "conversations";
    private static final String USERS = "users";

    private final Supplier<Machine.Logic> conversations;
    private final Supplier<Machine.Logic> users;
    private final Refusals refusals;
    private final EngineMetrics metrics;

    /**
     * @param settings what the rules leave open
     * @param refusals what is buried without being tried
     * @param metrics where commands are counted
     */
    EngineTopology(EngineSettings settings, Refusals refusals, EngineMetrics metrics) {
        this(conversations(settings, refusals), users(settings, refusals), refusals, metrics);
    }

    EngineTopology(
            Supplier<Machine.Logic> conversations,
            Supplier<Machine.Logic> users,
            Refusals refusals,
            EngineMetrics metrics) {
        this.conversations = conversations;
        this.users = users;
        this.refusals = refusals;
        this.metrics = metrics;
    }

    private static Supplier<Machine.Logic> conversations(EngineSettings settings, Refusals refusals) {
        ConversationRules rules = new ConversationRules(settings.limits());
        return () -> new ConversationLogic(rules, settings.admissionWait(), refusals);
    }

    private static Supplier<Machine.Logic> users(EngineSettings settings, Refusals refusals) {
        UserRules rules = new UserRules(settings.presenceGraceMillis(), settings.users(), settings.push());
        return () -> new UserLogic(rules, refusals);
    }

    /** The topology. */
    public Topology build() {
        Topology topology = new Topology();
        machine(topology, CONVERSATIONS, LogTopics.COMMANDS, conversations);
        machine(topology, USERS, LogTopics.USER_COMMANDS, users);
        // Sink names are topic names; each machine has the sinks that its effects need.
        sink(topology, LogTopics.EVENTS, CONVERSATIONS);
        sink(topology, LogTopics.POINTERS, CONVERSATIONS);
        sink(topology, LogTopics.NOTIFICATIONS, USERS);
        sink(topology, LogTopics.USER_COMMANDS, CONVERSATIONS, USERS);
        sink(topology, LogTopics.COMMANDS, CONVERSATIONS, USERS);
        StreamPartitioner<String, Routed> toSlot =
                (topic, key, value, partitions) -> Optional.of(Set.of(value.slot() % partitions));
        topology.addSink(
                LogTopics.DELIVERIES,
                LogTopics.DELIVERIES,
                Serdes.String().serializer(),
                routed(),
                toSlot,
                CONVERSATIONS,
                USERS);
        topology.addSink(
                LogTopics.DEAD_LETTERS,
                LogTopics.DEAD_LETTERS,
                Serdes.String().serializer(),
                routed(),
                CONVERSATIONS,
                USERS);
        return topology;
    }

    private void machine(Topology topology, String name, String topic, Supplier<Machine.Logic> logic) {
        String store = name + "-state";
        Deserializer<String> keys = Serdes.String().deserializer();
        topology.addSource("read " + topic, keys, Serdes.ByteArray().deserializer(), topic)
                .addProcessor(name, () -> new Machine(store, logic, refusals, metrics), "read " + topic)
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.inMemoryKeyValueStore(store), Serdes.String(), Serdes.ByteArray())
                                .withCachingDisabled(),
                        name);
    }

    private static void sink(Topology topology, String topic, String... parents) {
        topology.addSink(topic, topic, Serdes.String().serializer(), routed(), parents);
    }

    private static Serializer<Routed> routed() {
        return (topic, value) -> value.bytes();
    }
}
