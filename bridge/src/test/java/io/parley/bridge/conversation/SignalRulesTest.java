package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.Signal;
import io.parley.protocol.log.TellSignals;
import io.parley.protocol.wire.CreateGroup;
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
