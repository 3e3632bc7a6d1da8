package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Effect;
import io.parley.bridge.Rows;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationRules;
import io.parley.bridge.conversation.ConversationStore;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserRules;
import io.parley.bridge.user.UserStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.UserCommand;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private final UserRules userRules = new UserRules();
    private final EngineMetrics metrics;

    /**
     * @param metrics where commands are counted
     * @param limits what the operator allows in every conversation
     */
    public EngineTopology(EngineMetrics metrics, ConversationLimits limits) {
        this.metrics = metrics;
        this.conversationRules = new ConversationRules(limits);
    }

    /** The topology. */
    public Topology build() {
        Topology topology = new Topology();
        machine(topology, CONVERSATIONS, LogTopics.COMMANDS, this::conversation);
        machine(topology, USERS, LogTopics.USER_COMMANDS, this::user);
        // Sink names are topic names; each machine has the sinks that its effects need.
        sink(topology, LogTopics.EVENTS, CONVERSATIONS);
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

    private void machine(Topology topology, String name, String topic, Machine.Step step) {
        String store = name + "-state";
        Deserializer<String> keys = Serdes.String().deserializer();
        topology.addSource("read " + topic, keys, Serdes.ByteArray().deserializer(), topic)
                .addProcessor(name, () -> new Machine(store, step, metrics), "read " + topic)
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

    private List<Effect> conversation(String key, byte[] bytes, long timeMillis, Rows rows)
            throws InvalidProtocolBufferException {
        ConversationStore store = new ConversationStore(ConversationId.parse(key), rows);
        Decision decision = conversationRules.decide(store, ConversationCommand.parseFrom(bytes), timeMillis);
        decision.changes().forEach(store::apply);
        return decision.effects();
    }

    private List<Effect> user(String key, byte[] bytes, long timeMillis, Rows rows)
            throws InvalidProtocolBufferException {
        UserStore store = new UserStore(UserId.parse(key), rows);
        UserDecision decision = userRules.decide(store, UserCommand.parseFrom(bytes), timeMillis);
        decision.changes().forEach(store::apply);
        return decision.effects();
    }
}
