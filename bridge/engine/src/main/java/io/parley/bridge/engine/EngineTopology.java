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
    private final StoreSettings.Kind store;
    private final Refusals refusals;
    private final EngineMetrics metrics;

    /**
     * @param settings what the rules leave open
     * @param lives which nodes have ended for good
     * @param refusals what is buried without being tried
     * @param metrics where commands are counted
     */
    EngineTopology(EngineSettings settings, Lives lives, Refusals refusals, EngineMetrics metrics) {
        this(
                conversations(settings, lives, refusals),
                users(settings, lives, refusals),
                settings.store().kind(),
                refusals,
                metrics);
    }

    EngineTopology(
            Supplier<Machine.Logic> conversations,
            Supplier<Machine.Logic> users,
            StoreSettings.Kind store,
            Refusals refusals,
            EngineMetrics metrics) {
        this.conversations = conversations;
        this.users = users;
        this.store = store;
        this.refusals = refusals;
        this.metrics = metrics;
    }

    private static Supplier<Machine.Logic> conversations(EngineSettings settings, Lives lives, Refusals refusals) {
        ConversationRules rules = new ConversationRules(settings.limits());
        return () -> new ConversationLogic(rules, settings.admissionWait(), lives, refusals);
    }

    private static Supplier<Machine.Logic> users(EngineSettings settings, Lives lives, Refusals refusals) {
        UserRules rules = new UserRules(settings.presenceGraceMillis(), settings.users(), settings.push());
        return () -> new UserLogic(rules, lives, refusals);
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
        sink(topology, LogTopics.REVOCATIONS, USERS);
        sink(topology, LogTopics.USER_COMMANDS, CONVERSATIONS, USERS);
        sink(topology, LogTopics.COMMANDS, CONVERSATIONS, USERS);
        // A slot that is no partition is one of which Kafka's client has not heard yet: another slot's node could not
        // use what is for this one.
        StreamPartitioner<String, Routed> toSlot = (topic, key, value, partitions) ->
                Optional.of(value.slot() < partitions ? Set.of(value.slot()) : Set.of());
        topology.addSink(
                LogTopics.DELIVERIES,
                LogTopics.DELIVERIES,
                Serdes.String().serializer(),
                routed(),
                toSlot,
                CONVERSATIONS,
                USERS);
        sink(topology, LogTopics.DEAD_LETTERS, CONVERSATIONS, USERS);
        sink(topology, LogTopics.BURIED_RECORDS, CONVERSATIONS, USERS);
        return topology;
    }

    private void machine(Topology topology, String name, String topic, Supplier<Machine.Logic> logic) {
        String state = name + "-state";
        Deserializer<String> keys = Serdes.String().deserializer();
        topology.addSource("read " + topic, keys, Serdes.ByteArray().deserializer(), topic)
                .addProcessor(name, () -> new Machine(state, logic, refusals, metrics), "read " + topic)
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        store == StoreSettings.Kind.ROCKSDB
                                                ? Stores.persistentKeyValueStore(state)
                                                : Stores.inMemoryKeyValueStore(state),
                                        Serdes.String(),
                                        Serdes.ByteArray())
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
