package io.parley.bridge.engine;

import io.parley.gateway.delivering.DeliveryNode.Addressed;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.NodeAlive;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.PushRequest;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.Settled;
import io.parley.protocol.log.SettledConversation;
import io.parley.protocol.log.Subscribe;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.push.Notification;
import io.parley.protocol.push.PushPlatform;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Mute;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.RegisterPush;
import io.parley.protocol.wire.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Phones of users at a node, as the engine hears of them: a test says who does what, and sees the notifications. */
final class PlayedPhones {
    static final ConversationId GROUP = ConversationId.parse("g0123456789abc");
    private static final Node NODE = Node.newBuilder().setSlot(0).setEpoch(5).build();

    final SimulatedLog log;
    private final Map<String, Origin> origins = new HashMap<>();
    private long connections;
    private int ids;

    PlayedPhones(long seed) {
        log = new SimulatedLog(new Random(seed));
        log.appendToAllUsers(UserCommand.newBuilder()
                .setNodeAlive(NodeAlive.newBuilder().setNode(NODE))
                .build());
        run();
    }

    void run() {
        while (log.run(100)) {}
    }

    /** Time passes, in which the node says that it lives. */
    void later(long millis) {
        for (long rest = millis; rest > 0; rest -= 2_000) {
            log.appendToAllUsers(UserCommand.newBuilder()
                    .setNodeAlive(NodeAlive.newBuilder().setNode(NODE))
                    .build());
            run();
            log.pass(Math.min(rest, 2_000));
            run();
        }
    }

    static ConversationId chat(String one, String other) {
        return ConversationId.parse(one + "~" + other);
    }

    /** With a session that lasts, subscribed to everything. */
    void connects(String device) {
        opens(device);
        toUser(
                device,
                UserCommand.newBuilder()
                        .setSubscribe(Subscribe.newBuilder()
                                .addSubscriptions(Subscription.newBuilder()
                                        .setFilter("chat/+/msg")
                                        .setQos(1))
                                .setAttachAll(true)));
    }

    /** A connection that subscribes to nothing new. */
    void opens(String device) {
        Origin.Builder origin = Origin.newBuilder()
                .setUser(user(device))
                .setDevice(device.substring(device.indexOf('/') + 1))
                .setNode(NODE)
                .setConnection(++connections);
        origins.put(device, origin.build());
        toUser(
                device,
                UserCommand.newBuilder()
                        .setDeviceConnected(DeviceConnected.newBuilder().setExpirySeconds(3600)));
        List<SessionOpened> opened = log.deliveries(0).stream()
                .filter(one -> one.delivery().getSessionOpened().getConnection() == connections)
                .map(one -> one.delivery().getSessionOpened())
                .toList();
        origins.put(device, origin.setSession(opened.get(0).getSession()).build());
    }

    private static String user(String device) {
        return device.substring(0, device.indexOf('/'));
    }

    private Origin origin(String device) {
        Origin origin = origins.get(device);
        if (origin == null) {
            throw new AssertionError(device + " never connected");
        }
        return origin;
    }

    void toUser(String device, UserCommand.Builder command) {
        log.append(user(device), command.setOrigin(origin(device)).build());
        run();
    }

    /** What a request is answered. */
    Reply asks(String device, PushRequest.Builder request) {
        String id = "r" + ++ids;
        toUser(device, UserCommand.newBuilder().setRequestId(id).setPushRequest(request));
        return log.deliveries(0).stream()
                .map(Addressed::delivery)
                .map(delivery -> delivery.getReply().getReply())
                .filter(reply -> reply.getRequestId().equals(id))
                .findAny()
                .orElseThrow(() -> new AssertionError("no answer to " + request));
    }

    Reply registers(String device, String token) {
        return asks(
                device,
                PushRequest.newBuilder()
                        .setRegisterPush(RegisterPush.newBuilder()
                                .setPlatform(PushPlatform.FCM)
                                .setToken(token)));
    }

    Reply mutes(String device, ConversationId conversation, boolean exceptMentions) {
        return asks(
                device,
                PushRequest.newBuilder()
                        .setMute(Mute.newBuilder()
                                .setConversation(conversation.value())
                                .setExceptMentions(exceptMentions)));
    }

    /** The device has everything, and says so before it goes. */
    void leaves(String device) {
        Origin origin = origin(device);
        Settled.Builder settled = Settled.newBuilder();
        new ArrayList<>(log.events().keySet()).forEach(conversation -> {
            int head = log.events(conversation).size();
            report(conversation, cursor(device).setSeq(head).setSettled(head));
            settled.addConversations(SettledConversation.newBuilder()
                    .setConversation(conversation.value())
                    .setSeq(head));
        });
        log.append(
                origin.getUser(),
                UserCommand.newBuilder().setOrigin(origin).setSettled(settled).build());
        drops(device);
    }

    /** The connection is gone with what it was sent. */
    void drops(String device) {
        toUser(device, UserCommand.newBuilder().setDeviceDisconnected(DeviceDisconnected.getDefaultInstance()));
    }

    void acknowledges(String device, ConversationId conversation, int seq) {
        report(conversation, cursor(device).setSeq(seq));
        run();
    }

    void reads(String device, ConversationId conversation, int seq) {
        report(conversation, cursor(device).setRead(seq));
        run();
    }

    private Cursor.Builder cursor(String device) {
        Origin origin = origin(device);
        return Cursor.newBuilder()
                .setUser(origin.getUser())
                .setDevice(origin.getDevice())
                .setSession(origin.getSession());
    }

    private void report(ConversationId conversation, Cursor.Builder cursor) {
        log.append(
                conversation,
                ConversationCommand.newBuilder()
                        .setReportCursors(ReportCursors.newBuilder().addCursors(cursor))
                        .build());
    }

    void attaches(String device, ConversationId conversation) {
        toConversation(device, conversation, ConversationCommand.newBuilder().setAttach(Attach.getDefaultInstance()));
    }

    void founds(String user, String... members) {
        CreateGroup.Builder group = CreateGroup.newBuilder().setName("climbers");
        List.of(members).forEach(group::addMembers);
        log.append(
                GROUP,
                ConversationCommand.newBuilder()
                        .setOrigin(Origin.newBuilder().setUser(user).setDevice("desk"))
                        .setCreateGroup(group)
                        .build());
        run();
    }

    void toConversation(String device, ConversationId conversation, ConversationCommand.Builder command) {
        log.append(conversation, command.setOrigin(origin(device)).build());
        run();
    }

    /** Returns the seq. */
    int says(String device, ConversationId conversation, String text, String... mentions) {
        return publishes(
                device, conversation, Publication.newBuilder().setText(text).addAllMentions(List.of(mentions)));
    }

    /** As a node does: it asks before the first message of a conversation of two. */
    int publishes(String device, ConversationId conversation, Publication.Builder publication) {
        if (conversation.isDirect() && log.events(conversation).isEmpty()) {
            toConversation(
                    device,
                    conversation,
                    ConversationCommand.newBuilder()
                            .setAttach(Attach.newBuilder().setRightsOnly(true).setToWrite(true)));
        }
        toConversation(
                device,
                conversation,
                ConversationCommand.newBuilder()
                        .setSendMessage(SendMessage.newBuilder().setPublication(publication.setId("m" + ++ids))));
        return log.events(conversation).size();
    }

    /** What came since the last time. */
    List<Notification> notifications() {
        List<Notification> came = List.copyOf(log.notifications);
        log.notifications.clear();
        return came;
    }
}
