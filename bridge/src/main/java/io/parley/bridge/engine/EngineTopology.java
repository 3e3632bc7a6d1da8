package io.parley.bridge.engine;

import io.parley.bridge.conversation.ConversationRules;
import io.parley.bridge.user.UserRules;
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

    private final ConversationRules conversationRules;
    private final UserRules userRules;
    private final EngineMetrics metrics;

    /**
     * @param settings what the rules leave open
     * @param metrics where commands are counted
     */
    public EngineTopology(EngineSettings settings, EngineMetrics metrics) {
        this.conversationRules = new ConversationRules(settings.limits());
        this.userRules = new UserRules(settings.presenceGraceMillis());
        this.metrics = metrics;
    }

    /** The topology. */
    public Topology build() {
        Topology topology = new Topology();
        machine(topology, CONVERSATIONS, LogTopics.COMMANDS, () -> new ConversationLogic(conversationRules));
        machine(topology, USERS, LogTopics.USER_COMMANDS, () -> new UserLogic(userRules));
        // Sink names are topic names; each machine has the sinks that its effects need.
        sink(topology, LogTopics.EVENTS, CONVERSATIONS);
        sink(topology, LogTopics.POINTERS, CONVERSATIONS);
        sink(topology, LogTopics.USER_COMMANDS, CONVERSATIONS);
        sink(topology, LogTopics.COMMANDS, USERS);
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
                .addProcessor(name, () -> new Machine(store, logic, metrics), "read " + topic)
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.inMemoryKeyValueStore(store), Serdes.String(), Serdes.ByteArray())
                                .withCachingDisabled(),
                        name);
    }

    private static void sink(Topology topology, String topic, String parent) {
        topology.addSink(topic, topic, Serdes.String().serializer(), routed(), parent);
    }

    private static Serializer<Routed> routed() {
        return (topic, value) -> value.bytes();
    }
}
