package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.delivering.EventStore;
import io.parley.gateway.delivering.SessionTerms;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.EventPage;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.PushRequest;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.RegisterPush;
import io.parley.protocol.wire.RemoveMembers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A platform of some nodes, an engine and a history, with devices: the machines and sessions are the real ones, the log, the network, the store and the
 * time are the simulation's. What happens next is drawn from the seed.
 */
final class SimulatedPlatform implements EventStore {
    /** The name of a device whose session ends with its connection. */
    private static final String VISITOR = "visitor";

    /** The name of a device that subscribes to one conversation by its name. */
    private static final String NAMED = "named";

    /** A user who has no push token. */
    static final String WITHOUT_TOKEN = "u1";

    /** A user who never connects. */
    static final String STRANGER = "stranger";

    private static final int NODES = 3;
    private static final int FORGOTTEN_SECONDS = 30;
    /** Longer than what makes a node leave a conversation. */
    private static final int IDLE_MILLIS = 700_000;

    private static final int MAX_ROUNDS = 120;
    /** Longer than every wait of a session but that for an answer that is lost. */
    private static final int QUIET_ROUNDS = 24;

    /** Who founds groups and changes their members, from outside: the answers go nowhere. */
    private static final Origin OWNER = Origin.newBuilder()
            .setUser("owner")
            .setDevice("desk")
            .setConnection(1)
            .setNode(Node.newBuilder().setSlot(NODES).setEpoch(1))
            .build();

    private final Random random;
    final SimulatedLog log;
    final List<SimulatedDevice> devices = new ArrayList<>();
    private final SimulatedNode[] nodes = new SimulatedNode[NODES];
    private final List<SimulatedConnection> connections = new ArrayList<>();
    private final List<ConversationId> conversations = new ArrayList<>();
    private final Map<ConversationId, Integer> stored = new HashMap<>();
    private int epochs;
    private int requests;
    private boolean storeIsOut;

    SimulatedPlatform(Random random, int users, int devicesOfEach, int groups) {
        this.random = random;
        this.log = new SimulatedLog(random);
        for (int slot = 0; slot < NODES; slot++) {
            startNode(slot);
        }
        for (int user = 0; user < users; user++) {
            for (int device = 0; device < devicesOfEach; device++) {
                devices.add(new SimulatedDevice(
                        DeviceId.parse("u" + user + "/d" + device),
                        new SessionTerms(false, SessionTerms.MAX_EXPIRY_SECONDS),
                        random));
            }
            devices.add(new SimulatedDevice(
                    DeviceId.parse("u" + user + "/" + VISITOR), new SessionTerms(random.nextBoolean(), 0), random));
        }
        for (int user = 1; user < users; user += 2) {
            devices.add(named(user - 1, user));
            devices.add(named(user, user - 1));
        }
        devices.forEach(this::connect);
        settle();
        if (users < 20) {
            devices.stream().map(device -> device.id.user()).distinct().forEach(this::register);
            settle();
        }
        for (int group = 0; group < groups; group++) {
            found(ConversationId.parse(String.format("g%010d", group)));
        }
        for (int user = 1; user < users; user += 2) {
            conversations.add(ConversationId.parse("u" + (user - 1) + "~u" + user));
        }
    }

    /** Before anything was said between the two. */
    private SimulatedDevice named(int user, int other) {
        SimulatedDevice device = new SimulatedDevice(
                DeviceId.parse("u" + user + "/" + NAMED),
                new SessionTerms(false, SessionTerms.MAX_EXPIRY_SECONDS),
                random);
        device.filter = "chat/@u" + other + "/msg";
        return device;
    }

    /** Each user has a token, except one. */
    private void register(UserId user) {
        if (!user.value().equals(WITHOUT_TOKEN)) {
            log.append(
                    user.value(),
                    UserCommand.newBuilder()
                            .setOrigin(OWNER.toBuilder().setUser(user.value()))
                            .setPushRequest(PushRequest.newBuilder()
                                    .setRegisterPush(RegisterPush.newBuilder()
                                            .setPlatform(PushPlatform.FCM)
                                            .setToken(user.value())))
                            .build());
        }
    }

    /** All devices end their connections in order. */
    void allLeave() {
        for (SimulatedDevice device : devices) {
            SimulatedConnection connection = device.connection;
            if (connection != null) {
                connection.end();
            }
        }
        settle();
        pass(2_000);
        settle();
    }

    /** Every user reads everything, somewhere. */
    void allRead() {
        log.events()
                .forEach((conversation, events) -> devices.stream()
                        .map(device -> device.id.user())
                        .distinct()
                        .forEach(user -> log.append(
                                conversation,
                                ConversationCommand.newBuilder()
                                        .setReportCursors(ReportCursors.newBuilder()
                                                .addCursors(Cursor.newBuilder()
                                                        .setUser(user.value())
                                                        .setDevice("elsewhere")
                                                        .setRead(events.size())))
                                        .build())));
        settle();
    }

    private void startNode(int slot) {
        Node life = Node.newBuilder().setSlot(slot).setEpoch(++epochs).build();
        nodes[slot] = new SimulatedNode(life, log, this, random);
    }

    private void found(ConversationId group) {
        CreateGroup.Builder founding = CreateGroup.newBuilder().setName("a group");
        devices.stream()
                .map(device -> device.id.user().value())
                .distinct()
                .filter(user -> random.nextInt(3) > 0)
                .limit(100)
                .forEach(founding::addMembers);
        log.append(
                "owner",
                UserCommand.newBuilder()
                        .setOrigin(OWNER)
                        .setRequestId("r" + ++requests)
                        .setOpenGroup(OpenGroup.newBuilder()
                                .setConversation(group.value())
                                .setGroup(founding))
                        .build());
        conversations.add(group);
    }

    private void connect(SimulatedDevice device) {
        device.connect(nodes[random.nextInt(NODES)]);
        SimulatedConnection connection = device.connection;
        if (connection != null) {
            connections.add(connection);
        }
    }

    /** Something happens. */
    void step() {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4 -> publish(anyDevice());
            case 5, 6, 7 -> log.run(1 + random.nextInt(30));
            case 8, 9, 10 -> anyNode().run(random.nextInt(20), 1 + random.nextInt(20));
            case 11, 12, 13 -> acknowledge(anyDevice());
            case 14, 15 -> connections(anyDevice());
            case 16 -> pass(random.nextInt(400));
            case 17 -> archive();
            case 18 -> members();
            case 19 -> anyNode().reads = random.nextInt(4) > 0;
            case 20 -> trouble();
            default -> {
                log.run(5);
                for (SimulatedNode node : nodes) {
                    node.run(5, 5);
                }
            }
        }
    }

    private void publish(SimulatedDevice device) {
        if (!device.isVisitor()) {
            device.publish(
                    random.nextInt(12) == 0
                            ? ConversationId.direct(device.id.user(), UserId.parse(STRANGER))
                            : anyConversation());
        }
    }

    private void acknowledge(SimulatedDevice device) {
        SimulatedConnection connection = device.connection;
        if (connection != null) {
            connection.acknowledgeSome(random);
            if (random.nextInt(3) == 0) {
                connection.readSome(random);
            }
        }
    }

    private void connections(SimulatedDevice device) {
        SimulatedConnection connection = device.connection;
        if (connection == null) {
            connect(device);
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> connection.end();
            case 1 -> {
                connection.leave();
                connect(device);
            }
            case 2 -> connection.leave();
            default -> connection.writable(random.nextInt(3) > 0);
        }
    }

    private void members() {
        ConversationId group = anyConversation();
        if (group.isDirect()) {
            return;
        }
        String user = anyDevice().id.user().value();
        ConversationCommand.Builder command =
                ConversationCommand.newBuilder().setOrigin(OWNER).setRequestId("r" + ++requests);
        if (random.nextInt(3) > 0) {
            command.setAddMembers(
                    AddMembers.newBuilder().setConversation(group.value()).addUsers(user));
        } else {
            command.setRemoveMembers(
                    RemoveMembers.newBuilder().setConversation(group.value()).addUsers(user));
        }
        log.append(group, command.build());
    }

    private void trouble() {
        switch (random.nextInt(6)) {
            case 0 -> killNode(random.nextInt(NODES));
            case 1 -> log.restartEngine();
            case 2 -> storeIsOut = random.nextInt(3) == 0;
            case 3 -> anyNode().reachesLog = random.nextInt(3) > 0;
            case 4 -> pass(random.nextInt(8) == 0 ? IDLE_MILLIS : random.nextInt(15_000));
            default -> anyNode().giveUpAppending();
        }
    }

    private void killNode(int slot) {
        SimulatedNode killed = nodes[slot];
        killed.kill();
        connections.removeIf(connection -> {
            if (connection.node() == killed) {
                connection.nodeDied();
                return true;
            }
            return false;
        });
        startNode(slot);
    }

    private void pass(long millis) {
        log.pass(millis);
        for (SimulatedNode node : nodes) {
            node.pass(millis);
        }
    }

    private void archive() {
        ConversationId conversation = anyConversation();
        int head = log.events(conversation).size();
        int before = stored.getOrDefault(conversation, 0);
        stored.put(conversation, random.nextBoolean() ? head : Math.min(head, before + random.nextInt(5)));
    }

    private SimulatedDevice anyDevice() {
        return devices.get(random.nextInt(devices.size()));
    }

    private SimulatedNode anyNode() {
        return nodes[random.nextInt(NODES)];
    }

    private ConversationId anyConversation() {
        return conversations.get(random.nextInt(conversations.size()));
    }

    /** Everything is mended; the devices come back and get what there is for them. */
    void heal() {
        storeIsOut = false;
        for (SimulatedNode node : nodes) {
            node.reads = true;
            node.reachesLog = true;
        }
        long before = -1;
        int quiet = 0;
        for (int round = 0; round < MAX_ROUNDS && quiet < QUIET_ROUNDS; round++) {
            settle();
            for (SimulatedDevice device : devices) {
                SimulatedConnection connection = device.connection;
                if (connection == null) {
                    connect(device);
                } else {
                    connection.writable(true);
                    connection.acknowledgeAll();
                }
            }
            log.events().forEach((conversation, events) -> stored.put(conversation, events.size()));
            settle();
            pass(500);
            long now = devices.stream().mapToLong(SimulatedDevice::received).sum();
            boolean served = devices.stream().allMatch(device -> device.isConnected() && device.open.isEmpty());
            quiet = served && now == before ? quiet + 1 : 0;
            before = now;
        }
        settle();
    }

    /** In each conversation something is said: whoever is in it must hear that. */
    void speakLast() {
        conversations.stream()
                .filter(ConversationId::isDirect)
                .forEach(conversation -> log.append(
                        conversation,
                        ConversationCommand.newBuilder()
                                .setOrigin(speaker(conversation))
                                .setAttach(
                                        Attach.newBuilder().setRightsOnly(true).setToWrite(true))
                                .build()));
        settle();
        for (ConversationId conversation : conversations) {
            log.append(
                    conversation,
                    ConversationCommand.newBuilder()
                            .setOrigin(speaker(conversation))
                            .setSendMessage(SendMessage.newBuilder()
                                    .setPublication(Publication.newBuilder()
                                            .setId("last-" + ++requests)
                                            .setText("the last word")))
                            .build());
        }
    }

    /** What a device of each user is told to be unread in all conversations, with a page of some of them. */
    Map<UserId, Integer> unreadTotals() {
        Map<UserId, Integer> totals = new HashMap<>();
        Set<UserId> asked = new HashSet<>();
        for (SimulatedDevice device : devices) {
            SimulatedConnection connection = device.connection;
            if (connection != null && asked.add(device.id.user())) {
                ListConversations page = ListConversations.newBuilder()
                        .setLimit(1 + random.nextInt(3))
                        .build();
                connection.list(page, 1 + random.nextInt(400), reply -> {
                    assertThat(reply.hasError()).isFalse();
                    assertThat(totals.put(device.id.user(), reply.getUnreadTotal()))
                            .isNull();
                });
            }
        }
        settle();
        assertThat(totals.keySet()).isEqualTo(asked);
        return totals;
    }

    private static Origin speaker(ConversationId conversation) {
        return conversation.isDirect()
                ? OWNER.toBuilder().setUser(conversation.first().value()).build()
                : OWNER;
    }

    /** All visitors go. What names them in the engine's state a while later, nothing if all is well. */
    List<String> traceOfVisitors() {
        assertThat(log.keysWith(VISITOR)).as("they are here still").isNotEmpty();
        for (SimulatedDevice device : devices) {
            SimulatedConnection connection = device.connection;
            if (device.isVisitor() && connection != null) {
                connection.end();
            }
        }
        for (int second = 0; second < FORGOTTEN_SECONDS; second++) {
            settle();
            pass(1000);
        }
        return log.keysWith(VISITOR);
    }

    /** Until nothing is under way. */
    private void settle() {
        boolean progress = true;
        while (progress) {
            progress = log.run(100);
            for (SimulatedNode node : nodes) {
                progress |= node.run(100, 100);
            }
        }
    }

    @Override
    public CompletionStage<EventPage> read(ConversationId conversation, int after, int limit) {
        if (storeIsOut) {
            return CompletableFuture.failedFuture(new IOException("the store is out"));
        }
        int through = Math.min(stored.getOrDefault(conversation, 0), after + limit);
        List<SequencedEvent> page = new ArrayList<>();
        for (ChatEvent event : log.events(conversation).subList(Math.min(after, through), through)) {
            page.add(new SequencedEvent(event.getSeq(), event.toByteArray()));
        }
        return CompletableFuture.completedFuture(new EventPage(page, Math.max(after, through)));
    }

    @Override
    public CompletionStage<Integer> head(ConversationId conversation) {
        return storeIsOut
                ? CompletableFuture.failedFuture(new IOException("the store is out"))
                : CompletableFuture.completedFuture(stored.getOrDefault(conversation, 0));
    }
}
