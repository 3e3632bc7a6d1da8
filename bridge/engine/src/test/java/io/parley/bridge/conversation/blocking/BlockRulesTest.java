package io.parley.bridge.conversation.blocking;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.MapRows;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.bridge.conversation.machine.ConversationRules;
import io.parley.bridge.conversation.machine.ConversationStore;
import io.parley.bridge.state.Users;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Apart;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.PresenceChanged;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.Signal;
import io.parley.protocol.log.TellSignals;
import io.parley.protocol.log.TypingNow;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.RemoveMembers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is not seen by whom. */
class BlockRulesTest {
    private final MapRows rows = new MapRows();
    private final ConversationStore store = new ConversationStore(PlayedConversation.GROUP, rows);
    private final ConversationRules rules = new ConversationRules(ConversationLimits.defaults());

    @BeforeEach
    void ann_ben_and_cid_are_there() {
        does(
                "ann",
                ConversationCommand.newBuilder()
                        .setCreateGroup(
                                CreateGroup.newBuilder().addMembers("ben").addMembers("cid")));
        assertThat(signals(attaches())).as("who is there is asked first").isEmpty();
        List.of("ann", "ben", "cid").forEach(this::comes);
        tell();
    }

    @Test
    void both_are_told_again_apart_from_each_other_and_again_when_it_ends() {
        blocks("ann", true, "ben");
        Signal told = tell();
        assertThat(told.getPresence().getPresenceList())
                .extracting(Presence::getUser)
                .containsExactly("ann", "ben");
        assertThat(told.getApartList()).containsExactly(apart("ann", "ben"), apart("ben", "ann"));

        blocks("ann", false, "ben");
        told = tell();
        assertThat(told.getPresence().getPresenceList()).hasSize(2);
        assertThat(told.getApartList()).isEmpty();
    }

    @Test
    void a_snapshot_and_typing_say_who_is_apart() {
        blocks("ann", true, "ben");
        assertThat(attach().getApartList()).containsExactly(apart("ann", "ben"), apart("ben", "ann"));
        assertThat(types("ben").getApartList()).containsExactly(apart("ben", "ann"));
        assertThat(types("ann").getApartList()).containsExactly(apart("ann", "ben"));
        assertThat(types("cid").getApartList()).isEmpty();
    }

    @Test
    void who_blocks_anybody_is_asked_about_who_comes_later_and_the_block_ends_with_the_membership_of_who_blocks() {
        blocks("cid", true, "dan");
        assertThat(store.blocked()).containsExactly(Map.entry(UserId.parse("cid"), Set.of()));
        assertThat(does("", ConversationCommand.newBuilder().setTellSignals(TellSignals.getDefaultInstance())))
                .as("nobody here is concerned")
                .isEmpty();
        List<Effect> added = does(
                "ann",
                ConversationCommand.newBuilder()
                        .setAddMembers(AddMembers.newBuilder().addUsers("dan")));
        assertThat(asked(added)).containsExactly("cid [dan]");
        blocks("cid", true, "dan");
        comes("dan");
        assertThat(tell().getApartList()).containsExactly(apart("cid", "dan"), apart("dan", "cid"));

        does("cid", ConversationCommand.newBuilder().setLeave(Leave.getDefaultInstance()));
        assertThat(store.blocked()).isEmpty();
        assertThat(types("dan").getApartList()).isEmpty();
    }

    @Test
    void who_is_no_member_blocks_nobody_here() {
        blocks("eve", true, "ann");
        assertThat(store.blocked()).isEmpty();
        blocks("ann", true, "eve");
        assertThat(store.blocked())
                .as("that she blocks somebody, not whom")
                .containsExactly(Map.entry(UserId.parse("ann"), Set.of()));
        assertThat(types("ann").getApartList()).isEmpty();
    }

    @Test
    void who_blocks_nobody_any_more_is_not_asked() {
        blocks("cid", true, "dan");
        blocks("cid", false, "dan");
        assertThat(store.blocked()).isEmpty();
        assertThat(asked(does(
                        "ann",
                        ConversationCommand.newBuilder()
                                .setAddMembers(AddMembers.newBuilder().addUsers("dan")))))
                .isEmpty();
    }

    @Test
    void a_row_of_an_older_version_is_read_and_split() {
        rows.put(
                "b|" + PlayedConversation.GROUP + "|ann",
                Users.newBuilder().addUsers("ben").addUsers("cid").build().toByteArray());
        assertThat(types("ben").getApartList()).containsExactly(apart("ben", "ann"));

        does(
                "",
                ConversationCommand.newBuilder()
                        .setBlockChanged(BlockChanged.newBuilder()
                                .setBy("ann")
                                .addUsers("ben")
                                .setAny(true)));
        assertThat(store.blocked()).containsExactly(Map.entry(UserId.parse("ann"), Set.of("cid")));
        assertThat(store.blocksAny(UserId.parse("ann"))).isTrue();
    }

    @Test
    void who_goes_leaves_no_pair_and_the_pairs_of_others_are_not_looked_at() {
        int many = 60;
        List<String> users = IntStream.range(0, many).mapToObj(i -> "u" + i).toList();
        does(
                "ann",
                ConversationCommand.newBuilder()
                        .setAddMembers(AddMembers.newBuilder().addAllUsers(users)));
        for (String by : users) {
            does(
                    "",
                    ConversationCommand.newBuilder()
                            .setBlockChanged(BlockChanged.newBuilder()
                                    .setBy(by)
                                    .setBlocked(true)
                                    .addAllUsers(users.stream()
                                            .filter(user -> !user.equals(by))
                                            .toList())));
        }
        assertThat(store.blocked()).hasSize(many);
        rows.listed();

        does(
                "ann",
                ConversationCommand.newBuilder()
                        .setRemoveMembers(RemoveMembers.newBuilder().addUsers("u7")));

        assertThat(rows.listed()).as("of 3,540 pairs").isLessThan(6 * many);
        for (String family : List.of("b|", "A|")) {
            assertThat(rows.keys(family))
                    .hasSizeGreaterThanOrEqualTo((many - 1) * (many - 2))
                    .noneMatch(key -> List.of(key.split("\\|")).contains("u7"));
        }
        assertThat(store.blocked()).hasSize(many - 1);
    }

    @Test
    void a_pair_of_an_older_version_ends_with_the_block_or_the_membership_of_who_blocks() {
        for (String by : List.of("ann", "ben")) {
            rows.put("b|" + PlayedConversation.GROUP + "|" + by, new byte[0]);
            rows.put("b|" + PlayedConversation.GROUP + "|" + by + "|cid", new byte[0]);
        }
        assertThat(types("cid").getApartList())
                .containsExactly(Apart.newBuilder()
                        .setUser("cid")
                        .addFrom("ann")
                        .addFrom("ben")
                        .build());

        blocks("ann", false, "cid");
        does("ben", ConversationCommand.newBuilder().setLeave(Leave.getDefaultInstance()));

        assertThat(rows.keys("b|")).isEmpty();
    }

    private static List<String> asked(List<Effect> effects) {
        return effects.stream()
                .filter(effect ->
                        effect instanceof Effect.TellUser tell && tell.command().hasTellBlocks())
                .map(effect -> ((Effect.TellUser) effect).user() + " "
                        + ((Effect.TellUser) effect).command().getTellBlocks().getUsersList())
                .toList();
    }

    @Test
    void of_two_neither_sees_the_others_pointers_until_the_block_ends() {
        PlayedConversation two = new PlayedConversation(ConversationId.parse("ann~ben"), ConversationLimits.defaults());
        two.says("ann", "hi");
        two.does("ben", ConversationCommand.newBuilder().setAttach(Attach.getDefaultInstance()));
        blocks(two, true);
        assertThat(two.says("ben", "hello").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        two.does(
                "",
                ConversationCommand.newBuilder()
                        .setReportCursors(ReportCursors.newBuilder()
                                .addCursors(Cursor.newBuilder()
                                        .setUser("ben")
                                        .setDevice("d")
                                        .setRead(1))));
        assertThat(receipts(two).getApartList()).contains(apart("ben", "ann"));

        blocks(two, false);
        Signal told = receipts(two);
        assertThat(told.getReceipts().getReceiptsList())
                .extracting(Receipt::getUser)
                .containsExactly("ben");
        assertThat(told.getApartList()).isEmpty();
    }

    private static void blocks(PlayedConversation two, boolean blocked) {
        two.does(
                "",
                ConversationCommand.newBuilder()
                        .setBlockChanged(BlockChanged.newBuilder()
                                .setBy("ann")
                                .setBlocked(blocked)
                                .addUsers("ben")));
    }

    private static Signal receipts(PlayedConversation two) {
        List<Signal> signals =
                signals(two.does("", ConversationCommand.newBuilder().setTellSignals(TellSignals.getDefaultInstance()))
                        .effects());
        return signals.stream().filter(Signal::hasReceipts).findFirst().orElseThrow();
    }

    private static Apart apart(String user, String from) {
        return Apart.newBuilder().setUser(user).addFrom(from).build();
    }

    private void blocks(String by, boolean blocked, String user) {
        does(
                "",
                ConversationCommand.newBuilder()
                        .setBlockChanged(BlockChanged.newBuilder()
                                .setBy(by)
                                .setBlocked(blocked)
                                .addUsers(user)));
    }

    private void comes(String user) {
        does(
                "",
                ConversationCommand.newBuilder()
                        .setPresenceChanged(PresenceChanged.newBuilder()
                                .setPresence(Presence.newBuilder().setUser(user).setOnline(true))));
    }

    private Signal types(String user) {
        return signal(does(
                user,
                ConversationCommand.newBuilder()
                        .setTypingNow(TypingNow.newBuilder().setTyping(true))));
    }

    private Signal tell() {
        return signal(does("", ConversationCommand.newBuilder().setTellSignals(TellSignals.getDefaultInstance())));
    }

    /** The snapshot for a connection of cid. */
    private Signal attach() {
        return signal(attaches());
    }

    private List<Effect> attaches() {
        Origin origin = Origin.newBuilder()
                .setUser("cid")
                .setDevice("phone")
                .setNode(Node.newBuilder().setSlot(0).setEpoch(1))
                .setConnection(1)
                .build();
        return does(
                "",
                ConversationCommand.newBuilder()
                        .setOrigin(origin)
                        .setAttach(Attach.newBuilder().setPresence(true)));
    }

    private static Signal signal(List<Effect> effects) {
        List<Signal> signals = signals(effects);
        assertThat(signals).hasSize(1);
        return signals.get(0);
    }

    private static List<Signal> signals(List<Effect> effects) {
        return effects.stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery())
                .filter(Delivery::hasSignal)
                .map(Delivery::getSignal)
                .toList();
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
