package io.parley.bridge.user;

import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Admit;
import io.parley.protocol.log.AskAdmission;
import io.parley.protocol.log.Counted;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.DrainedConversation;
import io.parley.protocol.log.EraseUser;
import io.parley.protocol.log.GraceOver;
import io.parley.protocol.log.InvitationsOver;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.KnowUser;
import io.parley.protocol.log.LeftConversation;
import io.parley.protocol.log.MembersDeclined;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.NodeGone;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.RevokeTokens;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.SessionsOver;
import io.parley.protocol.log.Settled;
import io.parley.protocol.log.SettledConversation;
import io.parley.protocol.log.Subscribe;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.TellBlocks;
import io.parley.protocol.log.Unsubscribe;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.Wake;
import io.parley.protocol.log.WatchPresence;
import io.parley.protocol.wire.AcceptInvitation;
import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.DeclineInvitation;
import io.parley.protocol.wire.ListDevices;
import io.parley.protocol.wire.ListInvitations;
import io.parley.protocol.wire.RemoveDevice;
import io.parley.protocol.wire.SetPrivacy;
import io.parley.protocol.wire.Unblock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Commands to one user as chance has them, each eighth a repeat of an earlier one: late, of a connection that ended, or of a dead node. */
final class RandomUserCommands {
    static final List<ConversationId> CONVERSATIONS = List.of(
            ConversationId.parse("ann~ben"),
            ConversationId.parse("ann~cid"),
            ConversationId.parse("g0123456789abc"),
            ConversationId.parse("g0123456789abd"),
            ConversationId.parse("g0123456789abe"));
    private static final List<String> FILTERS = List.of(
            "chat/#",
            "chat/+/msg",
            "chat/+/receipt",
            "chat/@ben/msg",
            "chat/ann~ben/presence",
            "chat/@dan/msg",
            "chat/g0123456789abc/msg",
            "chat/g0123456789abc/#",
            "chat/g0123456789abd/typing",
            "user/ann/reply");
    private static final int[] EXPIRY_SECONDS = {0, 0, 3, 30, 600, 0xFFFFFFFF};
    private static final int REPEATED_ONE_IN = 8;

    private final Random random;
    private final int deviceNames;
    private final List<UserCommand> before = new ArrayList<>();
    private final List<Origin> connections = new ArrayList<>();
    private final Map<Long, Long> sessions = new HashMap<>();
    private final long[] epochs = {1, 1, 1};

    /** @param deviceNames how many different devices there are */
    RandomUserCommands(Random random, int deviceNames) {
        this.random = random;
        this.deviceNames = deviceNames;
    }

    UserCommand next() {
        if (!before.isEmpty() && random.nextInt(REPEATED_ONE_IN) == 0) {
            return before.get(random.nextInt(before.size()));
        }
        UserCommand command = switch (random.nextInt(22)) {
            case 0, 1 -> connected();
            case 2 -> random.nextBoolean() ? connected() : again();
            case 3 -> disconnected();
            case 4, 5, 6 -> subscription();
            case 7, 8 -> joined();
            case 9, 10 -> left();
            case 11 -> random.nextBoolean() ? nodeGone() : request();
            case 12 -> graceOver();
            case 13, 14 -> sessionsOver();
            case 15, 16 -> admission();
            case 18, 19 -> random.nextInt(3) == 0 ? counted() : wake();
            case 20, 21 -> random.nextInt(3) == 0 ? watch() : settled();
            default -> request();
        };
        before.add(command);
        return command;
    }

    static UserCommand graceOver() {
        return UserCommand.newBuilder()
                .setGraceOver(GraceOver.getDefaultInstance())
                .build();
    }

    static UserCommand invitationsOver() {
        return UserCommand.newBuilder()
                .setInvitationsOver(InvitationsOver.getDefaultInstance())
                .build();
    }

    static UserCommand sessionsOver() {
        return UserCommand.newBuilder()
                .setSessionsOver(SessionsOver.getDefaultInstance())
                .build();
    }

    /** The connection knows its session from now on. */
    void opened(SessionOpened answer) {
        sessions.put(answer.getConnection(), answer.getSession());
    }

    private UserCommand connected() {
        int slot = random.nextInt(epochs.length);
        Origin origin = Origin.newBuilder()
                .setUser("ann")
                .setDevice("d" + random.nextInt(deviceNames))
                .setNode(Node.newBuilder().setSlot(slot).setEpoch(epochs[slot]))
                .setConnection(connections.size() + 1L)
                .build();
        connections.add(origin);
        return of(origin)
                .setDeviceConnected(DeviceConnected.newBuilder()
                        .setCleanStart(random.nextInt(3) == 0)
                        .setExpirySeconds(expirySeconds()))
                .build();
    }

    private int expirySeconds() {
        return EXPIRY_SECONDS[random.nextInt(EXPIRY_SECONDS.length)];
    }

    /** The connection's node was taken for dead, or the connection thinks so. */
    private UserCommand again() {
        Origin origin = connection();
        return of(origin.toBuilder()
                        .setSession(sessions.getOrDefault(origin.getConnection(), 0L))
                        .build())
                .setDeviceConnected(DeviceConnected.newBuilder().setAgain(true).setExpirySeconds(expirySeconds()))
                .build();
    }

    private UserCommand disconnected() {
        DeviceDisconnected.Builder end = DeviceDisconnected.newBuilder().setIncomplete(random.nextInt(4) == 0);
        if (random.nextInt(3) == 0) {
            end.setExpirySeconds(expirySeconds());
        }
        return of(connection()).setDeviceDisconnected(end).build();
    }

    /** One of the last connections, which may have ended. */
    private Origin connection() {
        return connections.isEmpty()
                ? Origin.newBuilder()
                        .setUser("ann")
                        .setDevice("d0")
                        .setConnection(Long.MAX_VALUE)
                        .build()
                : connections.get(Math.max(0, connections.size() - 1 - random.nextInt(6)));
    }

    private UserCommand subscription() {
        UserCommand.Builder command = of(connection());
        if (random.nextInt(4) == 0) {
            return command.setUnsubscribe(
                            Unsubscribe.newBuilder().addFilters(filter()).addFilters(filter()))
                    .build();
        }
        Subscribe.Builder subscribe =
                Subscribe.newBuilder().setAttachAll(random.nextBoolean()).setAttachBegun(random.nextBoolean());
        for (int i = random.nextInt(3); i >= 0; i--) {
            subscribe.addSubscriptions(
                    Subscription.newBuilder().setFilter(filter()).setQos(random.nextInt(2)));
        }
        return command.setSubscribe(subscribe.setCleanStart(random.nextInt(4) == 0))
                .build();
    }

    private String filter() {
        return FILTERS.get(random.nextInt(FILTERS.size()));
    }

    private UserCommand joined() {
        return UserCommand.newBuilder()
                .setJoinedConversation(JoinedConversation.newBuilder()
                        .setConversation(conversation().value())
                        .setBy(random.nextInt(3) == 0 ? "ann" : "ben")
                        .setAccepted(random.nextInt(4) == 0)
                        .setSeq(1 + random.nextInt(9)))
                .build();
    }

    private UserCommand admission() {
        UserCommand.Builder command = UserCommand.newBuilder();
        String conversation = random.nextBoolean() ? "ann~ben" : "ann~dan";
        return switch (random.nextInt(8)) {
            case 0, 1, 2 ->
                command.setAskAdmission(AskAdmission.newBuilder()
                                .setConversation(conversation)
                                .setAskedAtMillis(before.size()))
                        .build();
            case 3, 4 ->
                command.setAdmit(Admit.newBuilder()
                                .setConversation(conversation)
                                .setBy(conversation.substring(4))
                                .setAskedAtMillis(before.size()))
                        .build();
            case 5 ->
                command.setTellBlocks(TellBlocks.newBuilder()
                                .setConversation("g0123456789abc")
                                .addUsers("ben")
                                .addUsers("dan"))
                        .build();
            case 6 ->
                command.setMembersDeclined(MembersDeclined.newBuilder()
                                .setConversation("g0123456789abc")
                                .addUsers("dan"))
                        .build();
            default ->
                random.nextBoolean()
                        ? command.setKnowUser(KnowUser.getDefaultInstance()).build()
                        : command.setRevokeTokens(RevokeTokens.getDefaultInstance())
                                .build();
        };
    }

    private UserCommand watch() {
        return UserCommand.newBuilder()
                .setWatchPresence(WatchPresence.newBuilder()
                        .setConversation(conversation().value())
                        .setOn(random.nextBoolean()))
                .build();
    }

    private UserCommand wake() {
        boolean signal = random.nextInt(4) == 0;
        int seq = 1 + random.nextInt(12);
        Wake.Builder wake = Wake.newBuilder()
                .setConversation(conversation().value())
                .setSince(signal ? seq : random.nextInt(seq))
                .setSeq(seq)
                .setSignal(signal)
                .setRemoved(!signal && random.nextInt(4) == 0)
                .setUntilDelivered(random.nextBoolean());
        if (!signal && !wake.getRemoved()) {
            wake.setUnread(random.nextInt(3)).setMentions(random.nextInt(2));
        }
        return UserCommand.newBuilder().setWake(wake).build();
    }

    private UserCommand counted() {
        return UserCommand.newBuilder()
                .setCounted(Counted.newBuilder()
                        .setConversation(conversation().value())
                        .setUnread(random.nextInt(3))
                        .setMentions(random.nextInt(2)))
                .build();
    }

    /** Of what was told last or of less, by one of the last connections or by one that ended. */
    private UserCommand settled() {
        Settled.Builder settled = Settled.newBuilder();
        for (ConversationId conversation : CONVERSATIONS) {
            if (random.nextBoolean()) {
                settled.addConversations(SettledConversation.newBuilder()
                        .setConversation(conversation.value())
                        .setSeq(random.nextInt(3) > 0 ? 12 : random.nextInt(12)));
            }
        }
        return of(connection()).setSettled(settled).build();
    }

    private UserCommand left() {
        ConversationId group = CONVERSATIONS.get(2 + random.nextInt(3));
        if (random.nextInt(3) == 0) {
            return UserCommand.newBuilder()
                    .setDrainedConversation(DrainedConversation.newBuilder().setConversation(group.value()))
                    .build();
        }
        return UserCommand.newBuilder()
                .setLeftConversation(LeftConversation.newBuilder()
                        .setConversation(group.value())
                        .setOwed(random.nextBoolean())
                        .setBy("ben"))
                .build();
    }

    /** The node comes back in a new life. */
    private UserCommand nodeGone() {
        int slot = random.nextInt(epochs.length);
        Node node = Node.newBuilder().setSlot(slot).setEpoch(epochs[slot]++).build();
        return UserCommand.newBuilder()
                .setNodeGone(NodeGone.newBuilder().setNode(node))
                .build();
    }

    private UserCommand request() {
        UserCommand.Builder command = of(connection()).setRequestId("r" + random.nextInt(4));
        String other = random.nextBoolean() ? "ben" : "cid";
        return switch (random.nextInt(21)) {
            case 16, 17 ->
                command.setAcceptInvitation(AcceptInvitation.newBuilder().setConversation(group()))
                        .build();
            case 18 ->
                command.setDeclineInvitation(DeclineInvitation.newBuilder().setConversation(group()))
                        .build();
            case 19 ->
                command.setListInvitations(ListInvitations.getDefaultInstance()).build();
            case 20 -> invitationsOver();
            case 0, 1, 2 -> command.setBlock(Block.newBuilder().setUser(other)).build();
            case 3, 4 -> command.setUnblock(Unblock.newBuilder().setUser(other)).build();
            case 5, 6, 7 ->
                command.setSetPrivacy(SetPrivacy.newBuilder().setPresence(random.nextBoolean()))
                        .build();
            case 8 ->
                command.setSetPrivacy(SetPrivacy.newBuilder().setReadReceipts(random.nextBoolean()))
                        .build();
            case 9, 10, 11 ->
                command.setRemoveDevice(RemoveDevice.newBuilder().setDevice("d" + random.nextInt(deviceNames)))
                        .build();
            case 12 -> command.setListDevices(ListDevices.getDefaultInstance()).build();
            case 13, 14 ->
                command.setOpenGroup(OpenGroup.newBuilder()
                                .setConversation("g" + (100_000_000_000_0L + before.size()))
                                .setGroup(CreateGroup.newBuilder().setName("n" + random.nextInt(2))))
                        .build();
            default -> command.setEraseUser(EraseUser.getDefaultInstance()).build();
        };
    }

    private String group() {
        return CONVERSATIONS.get(2 + random.nextInt(3)).value();
    }

    private ConversationId conversation() {
        return CONVERSATIONS.get(random.nextInt(CONVERSATIONS.size()));
    }

    private static UserCommand.Builder of(Origin origin) {
        return UserCommand.newBuilder().setOrigin(origin);
    }
}
