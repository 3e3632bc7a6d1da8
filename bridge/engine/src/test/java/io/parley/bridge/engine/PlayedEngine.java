package io.parley.bridge.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.user.ConsentLimits;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.machine.UserRules;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.BuriedRecord;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeadLetter;
import io.parley.protocol.log.DeadLetterKind;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ListDevices;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;

/** The engine's topology without a Kafka. What its rules decide can be replaced, command by command. */
final class PlayedEngine implements AutoCloseable {
    static final String CONVERSATION = "ann~ben";
    static final String USER = "ann";
    static final Origin ORIGIN = Origin.newBuilder()
            .setUser(USER)
            .setDevice("phone")
            .setConnection(1)
            .setNode(Node.newBuilder().setSlot(0).setEpoch(5))
            .build();

    private static final UserLimits EVERYBODY_IS_KNOWN = new UserLimits(
            false, 100_000, 100_000, 100_000, 100_000, 1_000, 32, ConsentLimits.defaults(), Duration.ofDays(30));

    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Refusals refusals = new Refusals();
    private final ConversationRules conversationRules = new ConversationRules(ConversationLimits.defaults());
    private final UserRules userRules = new UserRules(10_000, EVERYBODY_IS_KNOWN);
    /** What the rules decide now. */
    ConversationLogic.Deciding conversations = conversationRules::decide;

    UserLogic.Deciding users = userRules::decide;

    private byte[] lastBytes = {};
    private final TopologyTestDriver driver;
    private final TestInputTopic<String, byte[]> commands;
    private final TestInputTopic<String, byte[]> userCommands;

    PlayedEngine(Path directory) {
        this(directory, StoreSettings.Kind.MEMORY);
    }

    PlayedEngine(Path directory, StoreSettings.Kind store) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "played");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        driver = new TopologyTestDriver(
                new EngineTopology(
                                () -> new ConversationLogic(
                                        (state, command, now) -> conversations.decide(state, command, now),
                                        Duration.ofSeconds(60),
                                        Lives.UNKNOWN,
                                        refusals),
                                () -> new UserLogic(
                                        (state, command, now) -> users.decide(state, command, now),
                                        Lives.UNKNOWN,
                                        refusals),
                                store,
                                refusals,
                                new EngineMetrics(metrics))
                        .build(),
                properties);
        commands = driver.createInputTopic(LogTopics.COMMANDS, new StringSerializer(), new ByteArraySerializer());
        userCommands =
                driver.createInputTopic(LogTopics.USER_COMMANDS, new StringSerializer(), new ByteArraySerializer());
    }

    /** The rules are themselves again. */
    void mend() {
        conversations = conversationRules::decide;
        users = userRules::decide;
    }

    /** Before the first message: both users' machines agree. */
    void asksToWrite() {
        asksToWrite(CONVERSATION);
    }

    void asksToWrite(String conversation) {
        command(
                conversation,
                ConversationCommand.newBuilder()
                        .setOrigin(ORIGIN)
                        .setAttach(Attach.newBuilder().setRightsOnly(true).setToWrite(true)));
    }

    void says(String id) {
        says(CONVERSATION, id);
    }

    void says(String conversation, String id) {
        command(
                conversation,
                ConversationCommand.newBuilder()
                        .setOrigin(ORIGIN)
                        .setSendMessage(SendMessage.newBuilder()
                                .setPublication(
                                        Publication.newBuilder().setId(id).setText("a secret"))));
    }

    void command(ConversationCommand.Builder command) {
        command(CONVERSATION, command);
    }

    private void command(String conversation, ConversationCommand.Builder command) {
        lastBytes = command.build().toByteArray();
        commands.pipeInput(conversation, lastBytes);
    }

    void asksForDevices(String requestId) {
        asksForDevices(USER, requestId);
    }

    void asksForDevices(String user, String requestId) {
        command(
                user,
                UserCommand.newBuilder()
                        .setOrigin(ORIGIN)
                        .setRequestId(requestId)
                        .setListDevices(ListDevices.getDefaultInstance()));
    }

    void command(UserCommand.Builder command) {
        command(USER, command);
    }

    private void command(String user, UserCommand.Builder command) {
        lastBytes = command.build().toByteArray();
        userCommands.pipeInput(user, lastBytes);
    }

    /** The bytes of the last command. */
    byte[] lastBytes() {
        return lastBytes.clone();
    }

    void bytes(String topic, byte[] bytes) {
        (topic.equals(LogTopics.COMMANDS) ? commands : userCommands)
                .pipeInput(topic.equals(LogTopics.COMMANDS) ? CONVERSATION : USER, bytes);
    }

    /** Rows that nobody can read take the place of those whose key names a conversation or user. */
    void spoil(String store, String named) {
        KeyValueStore<String, byte[]> rows = driver.getKeyValueStore(store);
        try (var all = rows.all()) {
            all.forEachRemaining(row -> {
                if (List.of(row.key.split("[|!]")).contains(named)) {
                    rows.put(row.key, new byte[] {-1});
                }
            });
        }
    }

    KeyValueStore<String, byte[]> rows(String store) {
        return driver.getKeyValueStore(store);
    }

    List<DeadLetter> deadLetters() {
        return read(LogTopics.DEAD_LETTERS, DeadLetter.parser());
    }

    List<BuriedRecord> buriedParts() {
        return read(LogTopics.BURIED_RECORDS, BuriedRecord.parser());
    }

    /** The values of the buried records of one part each. */
    List<byte[]> buriedRecords() {
        return buriedParts().stream().map(part -> part.getValue().toByteArray()).toList();
    }

    /** How many dead letters of that kind were counted. */
    double buriedOfKind(DeadLetterKind kind) {
        return metrics.get("parley.engine.dead.letters")
                .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                .counter()
                .count();
    }

    List<Delivery> deliveries() {
        return read(LogTopics.DELIVERIES, Delivery.parser());
    }

    List<Reply> replies() {
        return deliveries().stream()
                .filter(Delivery::hasReply)
                .map(delivery -> delivery.getReply().getReply())
                .toList();
    }

    /** The size of each record that a topic got since the last time. */
    List<Integer> sizes(String topic) {
        return values(topic).stream().map(value -> value.length).toList();
    }

    private <T> List<T> read(String topic, Parser<T> parser) {
        return values(topic).stream()
                .map(value -> {
                    try {
                        return parser.parseFrom(value);
                    } catch (InvalidProtocolBufferException e) {
                        throw new AssertionError("it was made here", e);
                    }
                })
                .toList();
    }

    private List<byte[]> values(String topic) {
        return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer())
                .readValuesToList();
    }

    @Override
    public void close() {
        driver.close();
    }
}
