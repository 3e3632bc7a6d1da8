package io.parley.bridge.conversation.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.bridge.conversation.PlayedConversation.Outcome;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.RemoveMembers;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a device gets whose user was removed while it was away, and added again. */
final class AbsencesTest {
    private static final UserId BEN = UserId.parse("ben");
    private static final long SESSION = 7;

    private final PlayedConversation group = PlayedConversation.group();

    @Test
    void a_device_that_was_away_gets_what_came_before_the_removal_and_since_it_was_undone() {
        attach();
        int before = says();
        int removal = remove().event().getSeq();
        says();
        says();
        int again = add().event().getSeq();
        int since = says();

        assertThat(shown(attach())).containsExactly(1, before, removal, again, since);
        report(removal);
        assertThat(attach().getCursor())
                .as("what is not seen needs no acknowledgement")
                .isEqualTo(again - 1);
    }

    @Test
    void who_is_removed_gets_the_rest_once_and_then_nothing() {
        attach();
        int before = says();
        int removal = remove().event().getSeq();
        says();

        Attached rest = attach();
        assertThat(rest.getMember()).isFalse();
        assertThat(rest.getOrdinal()).as("a route, to read by").isPositive();
        assertThat(shown(rest)).containsExactly(1, before, removal);
        assertThat(report(before).effects()).isEmpty();
        assertThat(shown(attach())).containsExactly(removal);

        assertThat(toBen(report(removal))).anyMatch(UserCommand::hasDrainedConversation);
        Attached nothing = attach();
        assertThat(nothing.getMember()).isFalse();
        assertThat(nothing.getOrdinal()).isZero();
        assertThat(shown(nothing)).isEmpty();
        assertThat(group.rows.keys("c|")).isEmpty();
    }

    @Test
    void the_user_is_told_at_the_removal_whether_devices_are_owed_something() {
        assertThat(owed(remove())).isFalse();
        add();
        attach();
        assertThat(owed(remove())).isTrue();
        Outcome forgotten = group.does(
                "",
                ConversationCommand.newBuilder()
                        .setForgetDevice(ForgetDevice.newBuilder()
                                .setUser("ben")
                                .setDevice("d")
                                .setSession(SESSION)));
        assertThat(toBen(forgotten)).anyMatch(UserCommand::hasDrainedConversation);
    }

    @Test
    void a_clean_start_or_a_new_session_asks_for_nothing_of_before() {
        attach();
        remove();
        assertThat(attach(SESSION + 1, false).getOrdinal()).isZero();
        assertThat(attach(SESSION, true).getOrdinal()).isZero();
        add();
        Attached anew = attach(SESSION + 1, false);
        assertThat(anew.getAbsencesList()).isEmpty();
        assertThat(anew.getCursor()).isEqualTo(group.store.head().getSeq() - 1);
    }

    @Test
    void after_many_removals_what_is_oldest_is_given_up() {
        attach();
        List<Integer> said = IntStream.range(0, 3 * Absences.MAX)
                .map(i -> {
                    int seq = says();
                    remove();
                    says();
                    add();
                    return seq;
                })
                .boxed()
                .toList();

        Attached answer = attach();

        assertThat(answer.getAbsencesCount()).isEqualTo(Absences.MAX);
        assertThat(shown(answer)).containsAll(said.subList(2 * Absences.MAX, said.size()));
        assertThat(shown(answer)).doesNotContainAnyElementsOf(said.subList(0, 2 * Absences.MAX - 1));
        answer.getAbsencesList()
                .forEach(absence -> assertThat(absence.getTo()).isGreaterThanOrEqualTo(absence.getFrom()));
    }

    @Test
    void what_is_gone_meanwhile_is_not_waited_for() {
        attach();
        int removal = remove().event().getSeq();
        group.store.apply(new Change.Purged(removal));

        assertThat(attach().getOrdinal()).isZero();
        assertThat(group.rows.keys("c|")).isEmpty();
    }

    private static List<Integer> shown(Attached answer) {
        return IntStream.rangeClosed(answer.getCursor() + 1, answer.getHead())
                .filter(seq -> answer.getAbsencesList().stream()
                        .noneMatch(absence ->
                                seq >= absence.getFrom() && (absence.getTo() == 0 || seq <= absence.getTo())))
                .boxed()
                .toList();
    }

    private static boolean owed(Outcome removal) {
        return toBen(removal).stream()
                .filter(UserCommand::hasLeftConversation)
                .findFirst()
                .orElseThrow()
                .getLeftConversation()
                .getOwed();
    }

    private static List<UserCommand> toBen(Outcome outcome) {
        return outcome.effects().stream()
                .filter(effect ->
                        effect instanceof Effect.TellUser tell && tell.user().equals(BEN))
                .map(effect -> ((Effect.TellUser) effect).command())
                .toList();
    }

    private int says() {
        return group.says("ann", "hi").seq();
    }

    private Outcome remove() {
        return group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setRemoveMembers(RemoveMembers.newBuilder().addUsers("ben")));
    }

    private Outcome add() {
        return group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setAddMembers(AddMembers.newBuilder().addUsers("ben")));
    }

    private Outcome report(int seq) {
        return group.does(
                "",
                ConversationCommand.newBuilder()
                        .setReportCursors(ReportCursors.newBuilder()
                                .addCursors(Cursor.newBuilder()
                                        .setUser("ben")
                                        .setDevice("d")
                                        .setSession(SESSION)
                                        .setSeq(seq))));
    }

    private Attached attach() {
        return attach(SESSION, false);
    }

    private Attached attach(long session, boolean cleanStart) {
        Origin origin = Origin.newBuilder()
                .setUser("ben")
                .setDevice("d")
                .setSession(session)
                .build();
        return group
                .does(
                        origin,
                        ConversationCommand.newBuilder()
                                .setAttach(Attach.newBuilder().setCleanStart(cleanStart)))
                .effects()
                .stream()
                .filter(effect -> effect instanceof Effect.Deliver deliver
                        && deliver.delivery().hasAttached())
                .map(effect -> ((Effect.Deliver) effect).delivery().getAttached())
                .findFirst()
                .orElseThrow();
    }
}
