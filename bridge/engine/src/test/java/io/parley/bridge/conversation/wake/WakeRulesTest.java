package io.parley.bridge.conversation.wake;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.bridge.conversation.window.MessageWindow;
import io.parley.bridge.state.Waking;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.EraseMember;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.PurgeDelivered;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.Wake;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.SetRetention;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is away is woken by the first thing that comes, and nobody else. */
final class WakeRulesTest {
    @Test
    void of_1024_who_are_all_away_the_first_message_wakes_each_once_and_the_second_nobody() {
        List<String> members = IntStream.range(0, 1024)
                .mapToObj(i -> "m%06d".formatted(i) + "z".repeat(57))
                .toList();
        PlayedConversation large = large(members);
        ReportCursors.Builder report = ReportCursors.newBuilder();
        members.forEach(user -> report.addCursors(settled(user, 1)));
        large.does(members.get(0), ConversationCommand.newBuilder().setReportCursors(report));

        List<Effect> first = large.says(members.get(0), "t").effects();
        List<Effect> second = large.says(members.get(0), "t").effects();

        assertThat(users(first)).containsExactlyInAnyOrderElementsOf(members);
        assertThat(wakes(first)).allMatch(wake -> wake.getSince() == 1 && wake.getSeq() == 2);
        assertThat(wakes(first)).filteredOn(wake -> wake.getUnread() == 1).hasSize(1023);
        assertThat(wakes(first)).allMatch(wake -> wake.hasUnread() && wake.hasMentions());
        assertThat(told(first))
                .allMatch(tell -> tell.command().getSerializedSize() < RecordLimit.MAX_BYTES)
                .allMatch(tell -> tell.command().getSerializedSize() < 200);
        assertThat(users(second)).isEmpty();
        assertThat(large.rows.keys("q|")).isEmpty();
    }

    @Test
    void a_message_is_not_counted_anew_and_a_deletion_reads_what_is_remembered_once_for_all_1024() {
        List<String> members = IntStream.range(0, 1024).mapToObj(i -> "m" + i).toList();
        PlayedConversation large = large(members);
        for (int i = 0; i < MessageWindow.BLOCKS * MessageWindow.BLOCK_SIZE; i++) {
            large.says("m0", "t");
        }
        settle(large, members);
        large.rows.reads();

        List<Effect> message = large.says("m0", "t").effects();
        assertThat(large.rows.reads()).isLessThan(4 * members.size());
        assertThat(wakes(message)).hasSize(1024);
        settle(large, members);
        large.rows.reads();
        List<Effect> deletion = large.deletes("m0", large.store.head().getSeq()).effects();
        assertThat(large.rows.reads()).isLessThan(8 * members.size());

        assertThat(wakes(deletion))
                .filteredOn(wake -> wake.getUnread() == MessageWindow.BLOCKS * MessageWindow.BLOCK_SIZE)
                .hasSize(1023);
    }

    private static void settle(PlayedConversation group, List<String> members) {
        ReportCursors.Builder report = ReportCursors.newBuilder();
        members.forEach(
                user -> report.addCursors(settled(user, group.store.head().getSeq())));
        group.does(members.get(0), ConversationCommand.newBuilder().setReportCursors(report));
    }

    @Test
    void who_settles_is_told_what_is_unread_if_that_was_not_told_and_then_what_is_read() {
        PlayedConversation group = PlayedConversation.group();
        group.says("ann", "one");
        group.says("ann", "two");

        assertThat(counts(report(group, settled("ben", 3)))).containsExactly("ben 2");
        assertThat(counts(report(group, settled("ben", 3)))).isEmpty();
        assertThat(counts(report(group, settled("ben", 3).setRead(2)))).containsExactly("ben 1");
        assertThat(counts(group.says("ann", "three").effects()))
                .as("the wake says it")
                .isEmpty();
        assertThat(counts(group.says("ann", "four").effects())).isEmpty();
        assertThat(counts(report(group, Cursor.newBuilder().setUser("ben").setRead(4))))
                .as("it moved")
                .isEmpty();
        assertThat(counts(report(group, settled("ben", 5))))
                .as("the wake was of two, and then one came and one was read")
                .containsExactly("ben 1");
    }

    @Test
    void a_count_that_the_wake_told_is_not_told_again_when_the_member_settles() {
        PlayedConversation group = PlayedConversation.group();
        report(group, settled("ben", 1));

        assertThat(wakes(group.says("ann", "t").effects()))
                .extracting(Wake::getUnread)
                .containsExactly(1);
        assertThat(told(report(group, settled("ben", 2)))).isEmpty();
    }

    @Test
    void what_a_row_of_an_older_engine_does_not_know_is_counted() {
        PlayedConversation group = PlayedConversation.group();
        group.says("ann", "one");
        group.rows.put(
                "q|" + PlayedConversation.GROUP + "|ben",
                Waking.getDefaultInstance().toByteArray());

        assertThat(wakes(group.says("ann", "two").effects()))
                .extracting(Wake::getUnread)
                .containsExactly(2);
    }

    @Test
    void what_goes_because_all_had_it_is_told_to_those_who_had_not_read_it() {
        PlayedConversation group = PlayedConversation.group();
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setSetRetention(SetRetention.newBuilder().setUntilDelivered(Nothing.getDefaultInstance())));
        int head = group.says("ann", "t").seq();
        report(group, settled("ann", head).setSeq(head));
        assertThat(counts(report(group, settled("ben", head).setSeq(head)))).containsExactly("ben 1");
        report(group, settled("cid", head).setSeq(head).setRead(head));

        List<Effect> purge = group.does(
                        "ann", ConversationCommand.newBuilder().setPurgeDelivered(PurgeDelivered.getDefaultInstance()))
                .effects();

        assertThat(group.store.head().getPurged()).isEqualTo(head);
        assertThat(counts(purge)).containsExactly("ben 0");
        assertThat(group.rows.keys("f|")).isEmpty();
    }

    @Test
    void of_1024_who_are_all_there_a_message_wakes_nobody() {
        List<String> members = IntStream.range(0, 1024).mapToObj(i -> "m" + i).toList();
        PlayedConversation large = large(members);
        members.forEach(user -> attach(large, user, "d", 1));

        PlayedConversation.Outcome said = large.says("m7", "t");

        assertThat(said.seq()).isEqualTo(2);
        assertThat(told(said.effects())).isEmpty();
    }

    @Test
    void who_settles_below_the_head_is_woken_at_once_and_not_again_by_the_next_event() {
        PlayedConversation group = PlayedConversation.group();
        group.says("ann", "t");
        List<Effect> late = report(group, settled("ben", 1));

        assertThat(wakes(late)).allMatch(wake -> wake.getSince() == 1 && wake.getSeq() == 2);
        assertThat(users(late)).containsExactly("ben");
        assertThat(users(group.says("ann", "t").effects())).isEmpty();
    }

    @Test
    void who_is_removed_is_woken_by_that_before_the_user_machine_hears_of_the_removal() {
        PlayedConversation group = PlayedConversation.group();
        report(group, settled("ben", 1));
        report(group, settled("cid", 1));

        List<Effect> effects = remove(group, "ben");

        List<UserCommand> ben = told(effects).stream()
                .filter(tell -> tell.user().equals(UserId.parse("ben")))
                .map(Effect.TellUser::command)
                .toList();
        assertThat(ben)
                .extracting(UserCommand::getCommandCase)
                .containsExactly(UserCommand.CommandCase.WAKE, UserCommand.CommandCase.LEFT_CONVERSATION);
        assertThat(ben.get(0).getWake().getRemoved()).isTrue();
        assertThat(users(effects)).containsExactlyInAnyOrder("ben", "cid");
        assertThat(wakes(effects)).filteredOn(Wake::getRemoved).hasSize(1);
        assertThat(group.rows.keys("q|")).isEmpty();
    }

    @Test
    void an_erasure_wakes_all_but_who_is_erased_and_leaves_no_row_of_them() {
        PlayedConversation group = PlayedConversation.group();
        report(group, settled("ben", 1));
        report(group, settled("cid", 1));

        List<Effect> effects = group.does(
                        "ben",
                        ConversationCommand.newBuilder()
                                .setEraseMember(EraseMember.newBuilder().setUser("ben")))
                .effects();

        assertThat(users(effects)).containsExactly("cid");
        assertThat(group.rows.keys("q|")).isEmpty();
    }

    /** What it would be attached for went by then. */
    @Test
    void a_session_that_comes_too_late_for_its_users_removal_takes_nothing_from_another_device() {
        PlayedConversation group = PlayedConversation.group();
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setSetRetention(SetRetention.newBuilder().setUntilDelivered(Nothing.getDefaultInstance())));
        attach(group, "ben", "phone", 5);
        remove(group, "ben");
        int removal = group.store.head().getSeq();
        for (String user : List.of("ann", "cid")) {
            report(group, Cursor.newBuilder().setUser(user).setDevice("d").setSeq(removal));
        }
        group.does("ann", ConversationCommand.newBuilder().setPurgeDelivered(PurgeDelivered.getDefaultInstance()));
        assertThat(group.store.head().getPurged()).isEqualTo(removal);

        List<Effect> late = group.does(
                        origin("ben", "browser", 6),
                        ConversationCommand.newBuilder()
                                .setAttach(Attach.newBuilder()
                                        .setTransient(true)
                                        .setWoken(true)
                                        .setStartsAfter(removal - 1)
                                        .setEndsWith(removal)))
                .effects();

        assertThat(told(late)).as("the phone has a position still").isEmpty();
        assertThat(group.store.position(UserId.parse("ben"), "phone")).isNotNull();
        assertThat(told(group.does(
                                "ben",
                                ConversationCommand.newBuilder()
                                        .setForgetDevice(ForgetDevice.newBuilder()
                                                .setUser("ben")
                                                .setDevice("phone")
                                                .setSession(5)))
                        .effects()))
                .extracting(tell -> tell.command().getCommandCase())
                .containsExactly(UserCommand.CommandCase.DRAINED_CONVERSATION);
    }

    private static PlayedConversation large(List<String> members) {
        PlayedConversation large = new PlayedConversation(PlayedConversation.GROUP, ConversationLimits.defaults());
        large.does(
                members.get(0),
                ConversationCommand.newBuilder()
                        .setCreateGroup(CreateGroup.newBuilder().addAllMembers(members)));
        return large;
    }

    private static void attach(PlayedConversation group, String user, String device, long session) {
        group.does(
                origin(user, device, session), ConversationCommand.newBuilder().setAttach(Attach.getDefaultInstance()));
    }

    private static Origin origin(String user, String device, long session) {
        return Origin.newBuilder()
                .setUser(user)
                .setDevice(device)
                .setSession(session)
                .setNode(Node.newBuilder().setEpoch(1))
                .build();
    }

    private static List<Effect> remove(PlayedConversation group, String user) {
        return group.does(
                        "ann",
                        ConversationCommand.newBuilder()
                                .setRemoveMembers(RemoveMembers.newBuilder().addUsers(user)))
                .effects();
    }

    private static List<Effect> report(PlayedConversation group, Cursor.Builder cursor) {
        return group.does(
                        "ann",
                        ConversationCommand.newBuilder()
                                .setReportCursors(ReportCursors.newBuilder().addCursors(cursor)))
                .effects();
    }

    private static Cursor.Builder settled(String user, int seq) {
        return Cursor.newBuilder().setUser(user).setDevice("d").setSettled(seq);
    }

    private static List<Effect.TellUser> told(List<Effect> effects) {
        List<Effect.TellUser> told = new ArrayList<>();
        effects.forEach(effect -> {
            if (effect instanceof Effect.TellUser tell) {
                told.add(tell);
            }
        });
        return told;
    }

    private static List<String> users(List<Effect> effects) {
        return told(effects).stream()
                .filter(tell -> tell.command().hasWake())
                .map(tell -> tell.user().value())
                .toList();
    }

    private static List<String> counts(List<Effect> effects) {
        return told(effects).stream()
                .filter(tell -> tell.command().hasCounted())
                .map(tell -> tell.user() + " " + tell.command().getCounted().getUnread())
                .toList();
    }

    private static List<Wake> wakes(List<Effect> effects) {
        return told(effects).stream()
                .map(Effect.TellUser::command)
                .filter(UserCommand::hasWake)
                .map(UserCommand::getWake)
                .toList();
    }
}
