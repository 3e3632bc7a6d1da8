package io.parley.bridge.conversation.attach;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.bridge.conversation.retention.PurgeRows;
import io.parley.bridge.state.Position;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.ExpectDevice;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.PurgeDelivered;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.SetRetention;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which session of a device a cursor is of, and what sessions leave that end. */
final class SessionCursorTest {
    private static final UserId BEN = UserId.parse("ben");

    private final PlayedConversation group = PlayedConversation.group();

    @Test
    void a_session_that_comes_back_goes_on_where_it_was_and_knows_what_it_was_sent() {
        attach(5, false);
        int first = group.says("ann", "one").seq();
        int second = group.says("ann", "two").seq();
        report(cursor(5).setSeq(first).setSent(second));

        Attached again = attach(5, false);

        assertThat(again.getCursor()).isEqualTo(first);
        assertThat(again.getSent()).isEqualTo(second);
    }

    @Test
    void a_new_session_of_the_device_knows_nothing_of_the_one_before() {
        attach(5, false);
        int first = group.says("ann", "one").seq();
        report(cursor(5).setSeq(first).setSent(first));
        int second = group.says("ann", "two").seq();
        report(Cursor.newBuilder().setUser("ben").setDevice("other").setSeq(second));

        Attached anew = attach(6, false);

        assertThat(anew.getSent()).isZero();
        assertThat(anew.getCursor())
                .as("as a device that was never here: what another device of ben has")
                .isEqualTo(second);
        assertThat(position()).extracting(Position::getSession).isEqualTo(6L);
    }

    @Test
    void what_an_earlier_session_says_late_moves_the_pointers_and_not_the_cursor() {
        attach(6, false);
        int seq = group.says("ann", "hi").seq();
        int before = position().getSeq();

        report(cursor(5).setSeq(seq).setSent(seq));
        attach(5, false);

        assertThat(position().getSeq()).isEqualTo(before);
        assertThat(position().getSession()).isEqualTo(6);
        assertThat(group.store.pointers(BEN).getDelivered()).isEqualTo(seq);
    }

    @Test
    void a_late_forget_leaves_the_cursor_of_a_newer_session() {
        attach(6, false);
        forget(5);
        assertThat(group.store.positions(BEN)).hasSize(1);
        forget(6);
        assertThat(group.store.positions(BEN)).isEmpty();
    }

    @Test
    void a_forget_without_a_session_means_any() {
        attach(6, false);
        forget(0);
        assertThat(group.store.positions(BEN)).isEmpty();
    }

    @Test
    void a_transient_session_leaves_no_cursor_and_moves_the_pointers() {
        attach(5, true);
        int seq = group.says("ann", "hi").seq();
        report(cursor(5).setSeq(seq).setRead(seq));

        assertThat(group.store.positions(BEN)).isEmpty();
        assertThat(group.store.pointers(BEN).getDelivered()).isEqualTo(seq);
        assertThat(group.store.pointers(BEN).getRead()).isEqualTo(seq);
    }

    @Test
    void messages_that_go_when_delivered_wait_for_a_member_with_transient_sessions_only() {
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setSetRetention(SetRetention.newBuilder().setUntilDelivered(Nothing.getDefaultInstance())));
        int seq = group.says("ann", "hi").seq();
        List.of("ann", "cid")
                .forEach(user ->
                        report(Cursor.newBuilder().setUser(user).setDevice("d").setSeq(seq)));
        attach(5, true);
        purge();
        assertThat(group.store.head().getPurged()).isLessThan(seq);

        report(cursor(5).setSeq(seq));
        assertThat(PurgeRows.withDue(group.rows))
                .as("the acknowledgement makes it due")
                .containsExactly(PlayedConversation.GROUP);
        purge();
        assertThat(group.store.head().getPurged()).isEqualTo(seq);
    }

    @Test
    void a_session_that_became_transient_goes_on_from_its_cursor() {
        attach(5, false);
        int seq = group.says("ann", "hi").seq();
        report(cursor(5).setSeq(seq));
        assertThat(attach(5, true).getCursor()).isEqualTo(seq);
    }

    @Test
    void a_cursor_older_than_sessions_becomes_that_of_the_first_session_that_comes() {
        attach(0, false);
        int seq = group.says("ann", "hi").seq();
        report(cursor(0).setSeq(seq));
        group.says("ann", "more");

        assertThat(attach(7, false).getCursor()).isEqualTo(seq);
        assertThat(position().getSession()).isEqualTo(7);
    }

    @Test
    void a_new_session_is_expected_where_the_one_before_was() {
        attach(5, false);
        report(cursor(5).setSeq(group.says("ann", "hi").seq()));
        expect(5);
        assertThat(position().getSession()).isEqualTo(5);

        expect(6);
        assertThat(position().getSeq()).as("from where ben joined").isZero();
        assertThat(position().getSession()).isEqualTo(6);
        expect(5);
        assertThat(position().getSession()).isEqualTo(6);
    }

    private Attached attach(long session, boolean transientSession) {
        Origin origin = Origin.newBuilder()
                .setUser("ben")
                .setDevice("d")
                .setSession(session)
                .build();
        return group
                .does(
                        origin,
                        ConversationCommand.newBuilder()
                                .setAttach(Attach.newBuilder().setTransient(transientSession)))
                .effects()
                .stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect -> ((Effect.Deliver) effect).delivery().getAttached())
                .findFirst()
                .orElseThrow();
    }

    private static Cursor.Builder cursor(long session) {
        return Cursor.newBuilder().setUser("ben").setDevice("d").setSession(session);
    }

    private void report(Cursor.Builder cursor) {
        group.does(
                "",
                ConversationCommand.newBuilder()
                        .setReportCursors(ReportCursors.newBuilder().addCursors(cursor)));
    }

    private void forget(long session) {
        group.does(
                "",
                ConversationCommand.newBuilder()
                        .setForgetDevice(ForgetDevice.newBuilder()
                                .setUser("ben")
                                .setDevice("d")
                                .setSession(session)));
    }

    private void expect(long session) {
        group.does(
                "",
                ConversationCommand.newBuilder()
                        .setExpectDevice(ExpectDevice.newBuilder()
                                .setUser("ben")
                                .setDevice("d")
                                .setSession(session)));
    }

    private void purge() {
        group.does("", ConversationCommand.newBuilder().setPurgeDelivered(PurgeDelivered.getDefaultInstance()));
    }

    private Position position() {
        Position position = group.store.position(BEN, "d");
        if (position == null) {
            throw new AssertionError("ben's device has no cursor");
        }
        return position;
    }
}
