package io.parley.bridge.conversation;

import io.parley.protocol.ConversationId;
import io.parley.protocol.log.AddInvited;
import io.parley.protocol.log.AskForWake;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Detach;
import io.parley.protocol.log.EraseMember;
import io.parley.protocol.log.ExpectDevice;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.PresenceChanged;
import io.parley.protocol.log.PrivacyChanged;
import io.parley.protocol.log.PurgeDelivered;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.TellSignals;
import io.parley.protocol.log.TypingNow;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Describe;
import io.parley.protocol.wire.Edit;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.PinMessage;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Rename;
import io.parley.protocol.wire.Role;
import io.parley.protocol.wire.SetAddRight;
import io.parley.protocol.wire.SetAnnouncement;
import io.parley.protocol.wire.SetAvatar;
import io.parley.protocol.wire.SetReadReceipts;
import io.parley.protocol.wire.SetRetention;
import io.parley.protocol.wire.SetRole;
import io.parley.protocol.wire.UnpinMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/** Commands to one conversation as chance has them, each sixth a repeat of an earlier one. */
final class RandomCommands {
    static final List<String> USERS = List.of("ann", "ben", "cid", "dora", "eve");
    static final List<String> DEVICES = List.of("d", "e");
    static final int SLOTS = 3;
    private static final int REPEATED_ONE_IN = 6;

    private final Random random;
    private final boolean direct;
    private final ToIntFunction<String> lastRemoval;
    private final List<ConversationCommand> before = new ArrayList<>();
    private int ids;

    /** @param lastRemoval the seq with which a user was removed last; 0: none */
    RandomCommands(Random random, ConversationId id, ToIntFunction<String> lastRemoval) {
        this.random = random;
        this.direct = id.isDirect();
        this.lastRemoval = lastRemoval;
    }

    static ConversationCommand.Builder by(String user) {
        return ConversationCommand.newBuilder()
                .setOrigin(Origin.newBuilder().setUser(user).setDevice("d"));
    }

    static ConversationCommand create() {
        return by("ann")
                .setCreateGroup(CreateGroup.newBuilder().addMembers("ben").addMembers("cid"))
                .build();
    }

    static ConversationCommand tell() {
        return ConversationCommand.newBuilder()
                .setTellSignals(TellSignals.getDefaultInstance())
                .build();
    }

    static ConversationCommand purge() {
        return ConversationCommand.newBuilder()
                .setPurgeDelivered(PurgeDelivered.getDefaultInstance())
                .build();
    }

    /** @param head the newest seq, which what refers to a seq aims at */
    ConversationCommand next(int head) {
        if (!before.isEmpty() && random.nextInt(REPEATED_ONE_IN) == 0) {
            return before.get(random.nextInt(before.size()));
        }
        ConversationCommand command = switch (random.nextInt(18)) {
            case 0, 1 -> members();
            case 2, 3 -> attach(head);
            case 4 -> detach();
            case 5, 6, 7 -> report(head);
            case 8 -> random.nextInt(3) == 0 ? pin(head) : setting();
            case 9 -> fromUserMachine(head);
            case 10 -> signal();
            case 11 -> random.nextBoolean() ? purge() : tell();
            default -> publish(head);
        };
        before.add(command);
        return command;
    }

    private ConversationCommand members() {
        ConversationCommand.Builder command = by(user());
        return switch (random.nextInt(10)) {
            case 8, 9 ->
                command.setAddInvited(AddInvited.newBuilder().setBy(user())).build();
            case 0, 1, 2, 3 ->
                command.setAddMembers(AddMembers.newBuilder().addUsers(user()).addUsers(user()))
                        .build();
            case 4, 5 ->
                command.setRemoveMembers(RemoveMembers.newBuilder().addUsers(user()))
                        .build();
            case 6 ->
                command.setRemoveMembers(
                                RemoveMembers.newBuilder().addUsers(user()).addUsers(user()))
                        .build();
            default -> command.setLeave(Leave.getDefaultInstance()).build();
        };
    }

    private ConversationCommand attach(int head) {
        Origin origin = Origin.newBuilder()
                .setUser(user())
                .setDevice(device())
                .setNode(node())
                .setConnection(1 + random.nextInt(9))
                .setSession(session())
                .build();
        Attach.Builder attach = Attach.newBuilder()
                .setCleanStart(random.nextInt(4) == 0)
                .setRightsOnly(random.nextInt(4) == 0)
                .setWildcard(random.nextInt(3) == 0)
                .setTransient(random.nextInt(4) == 0)
                .setReceipts(random.nextBoolean())
                .setPresence(random.nextBoolean());
        if (direct && random.nextBoolean()) {
            attach.setRightsOnly(true).setToWrite(true).setWildcard(false);
        } else if (random.nextInt(3) == 0) {
            woken(attach, origin.getUser(), head);
        }
        return ConversationCommand.newBuilder()
                .setOrigin(origin)
                .setAttach(attach)
                .build();
    }

    /** Maybe by the user's removal, of which only a session is told that ends with its connection. */
    private void woken(Attach.Builder attach, String user, int head) {
        int removal = lastRemoval.applyAsInt(user);
        attach.setWoken(true).setCleanStart(false);
        if (removal > 0 && random.nextBoolean()) {
            attach.setTransient(true).setStartsAfter(removal - 1).setEndsWith(removal);
        } else {
            attach.setStartsAfter(random.nextBoolean() ? head : random.nextInt(head + 1));
        }
    }

    private ConversationCommand detach() {
        return ConversationCommand.newBuilder()
                .setDetach(Detach.newBuilder().setNode(node()).setOrdinal(random.nextInt(4)))
                .build();
    }

    private Node node() {
        return Node.newBuilder()
                .setSlot(random.nextInt(SLOTS))
                .setEpoch(1 + random.nextInt(3))
                .build();
    }

    private ConversationCommand report(int head) {
        ReportCursors.Builder report = ReportCursors.newBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            Cursor.Builder cursor = Cursor.newBuilder()
                    .setUser(user())
                    .setDevice(device())
                    .setSession(session())
                    .setSent(random.nextInt(head + 5))
                    .setSeq(random.nextBoolean() ? head : random.nextInt(head + 5))
                    .setRead(random.nextBoolean() ? 0 : random.nextInt(head + 5));
            if (random.nextBoolean()) {
                cursor.setSettled(random.nextInt(3) > 0 ? head : random.nextInt(head + 5))
                        .setSignals(random.nextInt(3) == 0);
            }
            report.addCursors(cursor);
        }
        return ConversationCommand.newBuilder().setReportCursors(report).build();
    }

    private ConversationCommand fromUserMachine(int head) {
        ConversationCommand.Builder command = ConversationCommand.newBuilder();
        return switch (random.nextInt(15)) {
            case 12, 13, 14 ->
                command.setAskForWake(AskForWake.newBuilder()
                                .setUser(user())
                                .setTold(random.nextInt(3) > 0 ? head : random.nextInt(head + 2))
                                .setSignals(random.nextInt(3) == 0))
                        .build();
            case 0, 1, 2 ->
                command.setExpectDevice(ExpectDevice.newBuilder()
                                .setUser(user())
                                .setDevice(device())
                                .setSession(session()))
                        .build();
            case 3, 4, 5 ->
                command.setForgetDevice(ForgetDevice.newBuilder()
                                .setUser(user())
                                .setDevice(device())
                                .setSession(session()))
                        .build();
            case 6 ->
                command.setEraseMember(EraseMember.newBuilder().setUser(user())).build();
            case 7, 8 ->
                command.setPrivacyChanged(
                                PrivacyChanged.newBuilder().setUser(user()).setWithoutReads(random.nextBoolean()))
                        .build();
            default -> block(command);
        };
    }

    /** Of two it would end the conversation if it did not end soon. */
    private ConversationCommand block(ConversationCommand.Builder command) {
        BlockChanged.Builder block = BlockChanged.newBuilder().setBlocked(random.nextInt(direct ? 4 : 2) == 0);
        boolean first = random.nextBoolean();
        return command.setBlockChanged(
                        direct
                                ? block.setBy(first ? "ann" : "ben").addUsers(first ? "ben" : "ann")
                                : block.setBy(user()).addUsers(user()))
                .build();
    }

    private ConversationCommand signal() {
        return random.nextBoolean()
                ? by(user())
                        .setTypingNow(TypingNow.newBuilder().setTyping(random.nextBoolean()))
                        .build()
                : ConversationCommand.newBuilder()
                        .setPresenceChanged(PresenceChanged.newBuilder()
                                .setPresence(
                                        Presence.newBuilder().setUser(user()).setOnline(random.nextBoolean())))
                        .build();
    }

    private ConversationCommand publish(int head) {
        int number = ids > 0 && random.nextInt(4) == 0 ? random.nextInt(ids) : ids++;
        return ConversationCommand.newBuilder()
                .setOrigin(Origin.newBuilder().setUser(user()).setDevice(device()))
                .setSendMessage(SendMessage.newBuilder()
                        .setPublication(publication(head).setId("m" + number)))
                .build();
    }

    private Publication.Builder publication(int head) {
        // Mostly something that is there, or was.
        int target = random.nextInt(head + 3);
        Publication.Builder publication = Publication.newBuilder();
        return switch (random.nextInt(8)) {
            case 0, 1 -> publication.setEdit(Edit.newBuilder().setSeq(target).setText("edited"));
            case 2 -> publication.setDelete(Delete.newBuilder().setSeq(target));
            case 3, 4 ->
                publication.setReact(React.newBuilder()
                        .setSeq(target)
                        .setEmoji(random.nextBoolean() ? "👍" : "❤️")
                        .setRemove(random.nextInt(3) == 0));
            case 5 -> publication.setText("t").setReplyTo(target);
            case 6 -> publication.setText("t").addMentions(user()).addMentions(user());
            default -> publication.setText("t");
        };
    }

    private ConversationCommand pin(int head) {
        int seq = 1 + random.nextInt(head + 1);
        ConversationCommand.Builder command = by(user());
        return random.nextInt(3) == 0
                ? command.setUnpinMessage(UnpinMessage.newBuilder().setSeq(seq)).build()
                : command.setPinMessage(PinMessage.newBuilder().setSeq(seq)).build();
    }

    private ConversationCommand setting() {
        ConversationCommand.Builder command = by(user());
        Role role = Role.forNumber(random.nextInt(4));
        return switch (random.nextInt(12)) {
            case 0 ->
                command.setRename(Rename.newBuilder().setName("n" + random.nextInt(3)))
                        .build();
            case 1 ->
                command.setDescribe(Describe.newBuilder().setDescription("d" + random.nextInt(3)))
                        .build();
            case 2 ->
                command.setSetAvatar(SetAvatar.newBuilder()
                                .setAttachment(Attachment.newBuilder().setId("a" + random.nextInt(3))))
                        .build();
            case 3 ->
                command.setSetAnnouncement(SetAnnouncement.newBuilder().setOn(random.nextInt(4) == 0))
                        .build();
            case 4 ->
                command.setSetAddRight(SetAddRight.newBuilder().setRole(role)).build();
            case 5, 6, 7 -> command.setSetRetention(retention()).build();
            case 8 ->
                command.setSetReadReceipts(SetReadReceipts.newBuilder().setOn(random.nextBoolean()))
                        .build();
            default ->
                command.setSetRole(SetRole.newBuilder().setUser(user()).setRole(role))
                        .build();
        };
    }

    private SetRetention.Builder retention() {
        SetRetention.Builder retention = SetRetention.newBuilder();
        return switch (random.nextInt(4)) {
            case 0 -> retention.setDays(random.nextInt(3));
            case 1 -> retention.setForever(Nothing.getDefaultInstance());
            default -> retention.setUntilDelivered(Nothing.getDefaultInstance());
        };
    }

    /** Later ones come later, as repeats aside they do. 0: whoever says it does not know. */
    private long session() {
        return random.nextInt(5) == 0 ? 0 : 1 + before.size() / 30 + random.nextInt(2);
    }

    private String user() {
        return USERS.get(random.nextInt(USERS.size()));
    }

    private String device() {
        return DEVICES.get(random.nextInt(DEVICES.size()));
    }
}
