package io.parley.bridge.conversation.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.conversation.machine.ConversationStore;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Detach;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.PresenceChanged;
import io.parley.protocol.log.PrivacyChanged;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.Signal;
import io.parley.protocol.log.TellSignals;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.SetReadReceipts;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the devices of a conversation are told beside its events, and how often. */
class SignalRulesTest {
    private final ConversationStore store =
            new ConversationStore(ConversationId.parse("g0123456789abc"), new MapRows());
    private final ConversationRules rules = new ConversationRules(ConversationLimits.defaults());

    @Test
    void a_thousand_readers_are_one_update_for_each_node() {
        List<String> readers =
                IntStream.range(0, 1000).mapToObj(i -> "reader" + i).toList();
        does(
                "ann",
                ConversationCommand.newBuilder()
                        .setCreateGroup(CreateGroup.newBuilder().addAllMembers(readers)));
        attach("ann", 0);
        attach("reader0", 1);
        for (String reader : readers) {
            assertThat(does(reader, reads(reader, 1))).isEmpty();
        }
        List<Effect> told = does("", tell());
        assertThat(told).filteredOn(Effect.StorePointers.class::isInstance).hasSize(1);
        assertThat(told.stream()
                        .filter(Effect.Deliver.class::isInstance)
                        .map(effect -> ((Effect.Deliver) effect).delivery())
                        .map(Delivery::getSignal))
                .hasSize(2)
                .allMatch(signal -> signal.getReceipts().getReceiptsCount() == 1000);
        assertThat(does("", tell())).isEmpty();
    }

    @Test
    void who_only_reads_is_no_device_that_was_seen() {
        does(
                "ann",
                ConversationCommand.newBuilder()
                        .setCreateGroup(CreateGroup.newBuilder().addMembers("ben")));
        says("ann", 5);
        does("ben", reads("ben", 4));
        assertThat(store.position(UserId.parse("ben"), "phone")).isNull();
        assertThat(attach("ben", 0).getCursor())
                .as("it starts behind what was read")
                .isEqualTo(4);
    }

    @Test
    void nothing_beyond_the_head_is_read() {
        does(
                "ann",
                ConversationCommand.newBuilder()
                        .setCreateGroup(CreateGroup.newBuilder().addMembers("ben")));
        does("ben", reads("ben", 900));
        assertThat(store.pointers(UserId.parse("ben")).getRead()).isEqualTo(1);
    }

    @Test
    void while_read_receipts_are_off_updates_and_snapshots_say_so() {
        does(
                "ann",
                ConversationCommand.newBuilder()
                        .setCreateGroup(CreateGroup.newBuilder().addMembers("ben")));
        assertThat(snapshot("ann")).as("nobody has anything").isEmpty();
        does("ben", reads("ben", 1));
        assertThat(snapshot("ann"))
                .hasValueSatisfying(
                        signal -> assertThat(signal.getReadReceiptsOff()).isFalse());

        does("ann", readReceipts(false));
        assertThat(snapshot("ann"))
                .hasValueSatisfying(
                        signal -> assertThat(signal.getReadReceiptsOff()).isTrue());
        assertThat(does("", tell()).stream()
                        .filter(Effect.Deliver.class::isInstance)
                        .map(effect -> ((Effect.Deliver) effect).delivery().getSignal()))
                .isNotEmpty()
                .allMatch(Signal::getReadReceiptsOff);

        does("ann", readReceipts(true));
        assertThat(snapshot("ann"))
                .hasValueSatisfying(
                        signal -> assertThat(signal.getReadReceiptsOff()).isFalse());
    }

    @Test
    void a_group_that_becomes_small_enough_asks_its_members_who_is_there() {
        List<String> members =
                IntStream.range(0, 101).mapToObj(i -> "member" + i).toList();
        does(
                "ann",
                ConversationCommand.newBuilder()
                        .setCreateGroup(CreateGroup.newBuilder().addAllMembers(members)));
        attach("ann", 0);
        comes("member7", true);
        assertThat(does("", tell())).as("102 members carry no presence").isEmpty();
        assertThat(attach("ann", 0, Attach.newBuilder().setPresence(true)))
                .allMatch(effect -> effect instanceof Effect.Deliver deliver
                        && !deliver.delivery().hasSignal());

        leaves("member0");
        assertThat(does("", tell())).isEmpty();
        assertThat(asked(leaves("member1"), true)).hasSize(101).contains("ann", "member1", "member7");
        comes("member7", true);
        comes("member8", true);
        comes("member8", false);
        assertThat(online(does("", tell()))).containsExactly("member7");
        comes("member9", true);
        assertThat(online(does("", tell()))).containsExactly("member9");
    }

    @Test
    void who_comes_back_shows_reads_as_they_say_then() {
        does(
                "ann",
                ConversationCommand.newBuilder()
                        .setCreateGroup(CreateGroup.newBuilder().addMembers("ben")));
        conceals("ben");
        assertThat(store.discreet().getUsersList()).containsExactly("ben");
        leaves("ben");
        conceals("ben");
        does(
                "ann",
                ConversationCommand.newBuilder()
                        .setAddMembers(AddMembers.newBuilder().addUsers("ben")));
        assertThat(store.discreet().getUsersList()).isEmpty();
    }

    private void conceals(String user) {
        does(
                "",
                ConversationCommand.newBuilder()
                        .setPrivacyChanged(
                                PrivacyChanged.newBuilder().setUser(user).setWithoutReads(true)));
    }

    @Test
    void members_tell_who_is_there_only_while_somebody_wants_to_know_it() {
        does(
                "ann",
                ConversationCommand.newBuilder()
                        .setCreateGroup(CreateGroup.newBuilder().addMembers("ben")));
        assertThat(asked(comes("ben", true), false)).as("nobody wants to know").containsExactly("ben");
        assertThat(store.presence(UserId.parse("ben"))).isNull();

        assertThat(asked(attach("ann", 0, Attach.newBuilder().setPresence(true)), true))
                .containsExactly("ann", "ben");
        comes("ben", true);
        assertThat(online(does("", tell()))).containsExactly("ben");
        assertThat(asked(attach("ann", 1, Attach.newBuilder().setPresence(true)), true))
                .as("they tell it already")
                .isEmpty();

        assertThat(asked(detach(0, 1), false)).as("another node wants to know").isEmpty();
        assertThat(asked(detach(1, 1), false)).containsExactly("ann", "ben");
        assertThat(store.presence(UserId.parse("ben"))).isNull();
    }

    private List<Effect> detach(int slot, int ordinal) {
        return does(
                "",
                ConversationCommand.newBuilder()
                        .setDetach(Detach.newBuilder()
                                .setNode(Node.newBuilder().setSlot(slot).setEpoch(1))
                                .setOrdinal(ordinal)));
    }

    private static List<String> asked(List<Effect> effects, boolean on) {
        return effects.stream()
                .filter(effect -> effect instanceof Effect.TellUser tell
                        && tell.command().hasWatchPresence()
                        && tell.command().getWatchPresence().getOn() == on)
                .map(effect -> ((Effect.TellUser) effect).user().value())
                .toList();
    }

    private List<Effect> leaves(String user) {
        return does(user, ConversationCommand.newBuilder().setLeave(Leave.getDefaultInstance()));
    }

    private List<Effect> comes(String user, boolean online) {
        return does(
                "",
                ConversationCommand.newBuilder()
                        .setPresenceChanged(PresenceChanged.newBuilder()
                                .setPresence(Presence.newBuilder().setUser(user).setOnline(online))));
    }

    private static List<String> online(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Deliver.class::isInstance)
                .flatMap(effect ->
                        ((Effect.Deliver) effect).delivery().getSignal().getPresence().getPresenceList().stream())
                .filter(Presence::getOnline)
                .map(Presence::getUser)
                .toList();
    }

    private static ConversationCommand.Builder readReceipts(boolean on) {
        return ConversationCommand.newBuilder()
                .setSetReadReceipts(SetReadReceipts.newBuilder().setOn(on));
    }

    /** What a connection is told that asks for receipts. */
    private Optional<Signal> snapshot(String user) {
        return attach(user, 0, Attach.newBuilder().setReceipts(true)).stream()
                .map(effect -> ((Effect.Deliver) effect).delivery())
                .filter(Delivery::hasSignal)
                .map(Delivery::getSignal)
                .findFirst();
    }

    private void says(String user, int times) {
        for (int i = 0; i < times; i++) {
            does(
                    user,
                    ConversationCommand.newBuilder()
                            .setSendMessage(SendMessage.newBuilder()
                                    .setPublication(Publication.newBuilder()
                                            .setId("m" + i)
                                            .setText("t"))));
        }
    }

    private Attached attach(String user, int slot) {
        List<Effect> effects = attach(user, slot, Attach.newBuilder());
        return ((Effect.Deliver) effects.get(0)).delivery().getAttached();
    }

    private List<Effect> attach(String user, int slot, Attach.Builder attach) {
        Origin origin = Origin.newBuilder()
                .setUser(user)
                .setDevice("phone")
                .setNode(Node.newBuilder().setSlot(slot).setEpoch(1))
                .setConnection(1)
                .build();
        return does("", ConversationCommand.newBuilder().setOrigin(origin).setAttach(attach));
    }

    private static ConversationCommand.Builder reads(String user, int seq) {
        return ConversationCommand.newBuilder()
                .setReportCursors(ReportCursors.newBuilder()
                        .addCursors(Cursor.newBuilder()
                                .setUser(user)
                                .setDevice("phone")
                                .setRead(seq)));
    }

    private static ConversationCommand.Builder tell() {
        return ConversationCommand.newBuilder().setTellSignals(TellSignals.getDefaultInstance());
    }

    private List<Effect> does(String user, ConversationCommand.Builder command) {
        if (!user.isEmpty()) {
            command.setOrigin(Origin.newBuilder().setUser(user).setDevice("phone"));
        }
        Decision decision = rules.decide(store, command.build(), 1_700_000_000_000L);
        decision.changes().forEach(store::apply);
        return decision.effects();
    }
}
