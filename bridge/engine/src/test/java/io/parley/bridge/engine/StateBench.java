package io.parley.bridge.engine;

import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.user.ConsentLimits;
import io.parley.bridge.user.UserLimits;
import io.parley.bridge.user.machine.UserRules;
import io.parley.protocol.LogTopics;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Publication;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/**
 * Loads users and conversations of two through the engine's topology, without a Kafka, and says how fast and in how much heap. No test: run by hand,
 * {@code StateBench memory|rocksdb USERS}, each with a device and a conversation with the one before.
 */
final class StateBench {
    private static final long MIB = 1 << 20;
    private static final Node NODE = Node.newBuilder().setSlot(0).setEpoch(1).build();
    private static final int CACHE_MIB = 128;
    private static final int BUFFERS_MIB = 48;
    private static final int SLICES = 10;
    private static final int DRAINED_AFTER = 500;

    private final TopologyTestDriver driver;
    private final TestInputTopic<String, byte[]> commands;
    private final TestInputTopic<String, byte[]> userCommands;
    private long nowMillis = 1_700_000_000_000L;
    private int undrained;

    private StateBench(StoreSettings.Kind kind, Path folder, RocksMemory memory) {
        Refusals refusals = new Refusals();
        ConversationRules conversations = new ConversationRules(ConversationLimits.defaults());
        UserRules users = new UserRules(
                10_000,
                new UserLimits(
                        false,
                        100_000,
                        100_000,
                        100_000,
                        100_000,
                        1_000,
                        32,
                        ConsentLimits.defaults(),
                        Duration.ofDays(30)));
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        properties.putAll(memory.properties());
        driver = new TopologyTestDriver(
                new EngineTopology(
                                () -> new ConversationLogic(
                                        conversations, Duration.ofMinutes(10), Lives.UNKNOWN, refusals),
                                () -> new UserLogic(users, Lives.UNKNOWN, refusals),
                                kind,
                                refusals,
                                new EngineMetrics(new io.micrometer.core.instrument.simple.SimpleMeterRegistry()))
                        .build(),
                properties,
                Instant.ofEpochMilli(nowMillis));
        commands = driver.createInputTopic(LogTopics.COMMANDS, new StringSerializer(), new ByteArraySerializer());
        userCommands =
                driver.createInputTopic(LogTopics.USER_COMMANDS, new StringSerializer(), new ByteArraySerializer());
    }

    /** The arguments are the store, and how many users and conversations. */
    public static void main(String[] args) throws Exception {
        StoreSettings.Kind kind = args[0].equals("rocksdb") ? StoreSettings.Kind.ROCKSDB : StoreSettings.Kind.MEMORY;
        int size = Integer.parseInt(args[1]);
        Path folder = Files.createTempDirectory("state-bench");
        RocksMemory memory = new RocksMemory(new StoreSettings(kind, "", OptionalInt.empty(), CACHE_MIB, BUFFERS_MIB));
        StateBench bench = new StateBench(kind, folder, memory);
        long begin = System.nanoTime();
        long slice = begin;
        for (int i = 1; i <= size; i++) {
            bench.load(i);
            if (i % Math.max(1, size / SLICES) == 0) {
                long now = System.nanoTime();
                System.out.printf(
                        "%s %,d users and conversations, %,d a second, heap %,d MiB%n",
                        args[0], i, (size / SLICES) * 1_000_000_000L / (now - slice), heap());
                slice = System.nanoTime();
            }
        }
        long loaded = System.nanoTime();
        int messages = Math.min(size, 100_000);
        for (int i = 0; i < messages; i++) {
            bench.says(1 + (int) ((i * 7_919L) % size), "n" + i);
        }
        System.out.printf(
                "%s loaded in %,d s, then %,d messages in conversations here and there, %,d a second; %,d rows, heap %,d MiB, %s%n",
                args[0],
                (loaded - begin) / 1_000_000_000L,
                messages,
                messages * 1_000_000_000L / (System.nanoTime() - loaded),
                bench.driver.getKeyValueStore("conversations-state").approximateNumEntries()
                        + bench.driver.getKeyValueStore("users-state").approximateNumEntries(),
                heap(),
                System.getProperty("java.vm.info"));
        bench.driver.close();
        memory.close();
    }

    /** A user connects, and writes to the user before: both machines agree, and the conversation begins. */
    private void load(int i) {
        nowMillis += 1;
        userCommands.pipeInput(
                user(i),
                UserCommand.newBuilder()
                        .setOrigin(origin(i))
                        .setDeviceConnected(DeviceConnected.newBuilder().setExpirySeconds(1_000_000))
                        .build()
                        .toByteArray(),
                nowMillis);
        command(
                i,
                ConversationCommand.newBuilder()
                        .setOrigin(origin(i))
                        .setAttach(Attach.newBuilder().setRightsOnly(true).setToWrite(true)));
        says(i, "m" + i);
    }

    private void says(int i, String id) {
        nowMillis += 1;
        command(
                i,
                ConversationCommand.newBuilder()
                        .setOrigin(origin(i))
                        .setSendMessage(SendMessage.newBuilder()
                                .setPublication(
                                        Publication.newBuilder().setId(id).setText("good morning"))));
        drain();
    }

    /** What the engine wrote would otherwise stay in the driver's memory. */
    private void drain() {
        if (++undrained < DRAINED_AFTER) {
            return;
        }
        undrained = 0;
        for (String topic : List.of(
                LogTopics.DELIVERIES,
                LogTopics.EVENTS,
                LogTopics.POINTERS,
                LogTopics.USER_COMMANDS,
                LogTopics.COMMANDS,
                LogTopics.NOTIFICATIONS,
                "bench-conversations-state-changelog",
                "bench-users-state-changelog")) {
            var output = driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            while (!output.isEmpty()) {
                output.readRecord();
            }
        }
    }

    private void command(int i, ConversationCommand.Builder command) {
        commands.pipeInput(conversation(i), command.build().toByteArray(), nowMillis);
    }

    private static Origin origin(int i) {
        return Origin.newBuilder()
                .setUser(user(i))
                .setDevice("phone")
                .setConnection(i)
                .setSession(i)
                .setNode(NODE)
                .build();
    }

    private static String user(int i) {
        return "u%09d".formatted(i);
    }

    private static String conversation(int i) {
        return user(i - 1) + "~" + user(i);
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / MIB;
    }
}
