package io.parley.bridge.conversation.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationSizes;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.ExpectDevice;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.log.PurgeDelivered;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.SetRetention;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetentionRulesTest {
    private final PlayedConversation group = PlayedConversation.group();

    @Test
    void what_each_device_of_each_member_has_goes() {
        untilDelivered();
        attach("ann", "ben", "cid");
        int seq = group.says("ann", "hi").seq();
        acknowledge("ann", seq);
        acknowledge("ben", seq);
        purge();
        assertThat(purged()).as("cid has not got it").isLessThan(seq);

        acknowledge("cid", seq);
        assertThat(PurgeRows.withDue(group.rows)).containsExactly(PlayedConversation.GROUP);
        PlayedConversation.Outcome outcome = purge();
        assertThat(purged()).isEqualTo(seq);
        assertThat(outcome.effects())
                .filteredOn(Effect.StorePointers.class::isInstance)
                .extracting(effect -> ((Effect.StorePointers) effect).pointers().getPurged())
                .containsExactly(seq);
        assertThat(PurgeRows.withDue(group.rows)).isEmpty();
    }

    @Test
    void a_member_who_never_came_holds_messages_back() {
        untilDelivered();
        attach("ann", "ben");
        int seq = group.says("ann", "hi").seq();
        acknowledge("ann", seq);
        acknowledge("ben", seq);
        purge();
        assertThat(purged()).isZero();

        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setRemoveMembers(RemoveMembers.newBuilder().addUsers("cid")));
        purge();
        assertThat(purged()).as("cid is no member any more").isEqualTo(seq);
    }

    @Test
    void a_second_device_holds_messages_back_until_it_is_removed() {
        untilDelivered();
        attach("ann", "ben", "cid");
        device("ben", "tablet");
        int seq = group.says("ann", "hi").seq();
        List.of("ann", "ben", "cid").forEach(user -> acknowledge(user, seq));
        purge();
        assertThat(purged()).isLessThan(seq);

        group.does(
                "",
                ConversationCommand.newBuilder()
                        .setForgetDevice(
                                ForgetDevice.newBuilder().setUser("ben").setDevice("tablet")));
        purge();
        assertThat(purged()).isEqualTo(seq);
    }

    @Test
    void a_device_that_is_away_when_the_conversation_begins_holds_messages_back() {
        untilDelivered();
        group.does(
                "",
                ConversationCommand.newBuilder()
                        .setExpectDevice(
                                ExpectDevice.newBuilder().setUser("ben").setDevice("tablet")));
        attach("ann", "ben", "cid");
        int seq = group.says("ann", "hi").seq();
        List.of("ann", "ben", "cid").forEach(user -> acknowledge(user, seq));
        purge();
        assertThat(purged()).isZero();
        assertThat(device("ben", "tablet"))
                .as("it gets everything since its user joined")
                .isZero();
    }

    @Test
    void a_report_makes_no_device() {
        attach("ann");
        int seq = group.says("ann", "hi").seq();
        group.does(
                "",
                ConversationCommand.newBuilder()
                        .setForgetDevice(
                                ForgetDevice.newBuilder().setUser("ann").setDevice("d")));
        acknowledge("ann", seq);
        assertThat(group.store.positions(io.parley.protocol.UserId.parse("ann")))
                .as("what a removed device acknowledged last must not bring it back")
                .isEmpty();
    }

    @Test
    void a_device_that_was_not_seen_for_long_holds_nothing_back() {
        untilDelivered();
        attach("ann", "ben", "cid");
        group.later(Duration.ofDays(31));
        attach("ann", "ben");
        int seq = group.says("ann", "hi").seq();
        acknowledge("ann", seq);
        acknowledge("ben", seq);
        purge();
        assertThat(purged()).isEqualTo(seq);
        assertThat(device("cid", "d")).as("it goes on behind what is gone").isEqualTo(seq);
    }

    @Test
    void a_device_that_lives_and_gets_nothing_stays_active() {
        untilDelivered();
        attach("ann", "ben", "cid");
        group.later(Duration.ofDays(20));
        attach("ann", "ben");
        acknowledge("cid", 0);
        group.later(Duration.ofDays(20));
        int seq = group.says("ann", "hi").seq();
        acknowledge("ann", seq);
        acknowledge("ben", seq);
        purge();
        assertThat(purged()).isLessThan(seq);
    }

    @Test
    void what_is_gone_is_changed_no_more() {
        untilDelivered();
        attach("ann", "ben", "cid");
        int seq = group.says("ann", "hi").seq();
        List.of("ann", "ben", "cid").forEach(user -> acknowledge(user, seq));
        purge();
        assertThat(group.edits("ann", seq, "hello").error()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void a_conversation_that_keeps_its_messages_is_never_due() {
        attach("ann", "ben", "cid");
        int seq = group.says("ann", "hi").seq();
        List.of("ann", "ben", "cid").forEach(user -> acknowledge(user, seq));
        assertThat(PurgeRows.withDue(group.rows)).isEmpty();
        purge();
        assertThat(purged()).isZero();
    }

    @Test
    void the_server_says_how_long_when_the_conversation_does_not_and_at_most() {
        assertThat(keeping(limits(30, 0), null).getDays()).isEqualTo(30);
        assertThat(keeping(limits(0, 0), null).getDays()).as("for ever").isZero();
        assertThat(keeping(limits(0, 7), null).getDays()).isEqualTo(7);
        assertThat(keeping(limits(30, 7), null).getDays()).isEqualTo(7);
        assertThat(keeping(limits(30, 0), SetRetention.newBuilder().setDays(3)).getDays())
                .isEqualTo(3);
        assertThat(keeping(limits(30, 0), SetRetention.newBuilder().setForever(Nothing.getDefaultInstance()))
                        .getDays())
                .as("for ever")
                .isZero();
        assertThat(keeping(limits(0, 7), SetRetention.newBuilder().setUntilDelivered(Nothing.getDefaultInstance())))
                .isEqualTo(
                        Keeping.newBuilder().setDays(7).setUntilDelivered(true).build());
        assertThat(keeping(limits(0, 60), SetRetention.newBuilder().setUntilDelivered(Nothing.getDefaultInstance()))
                        .getDays())
                .as("no active device holds back for longer")
                .isEqualTo(30);
    }

    private static Keeping keeping(ConversationLimits limits, SetRetention.@Nullable Builder set) {
        PlayedConversation played = PlayedConversation.group(limits);
        if (set != null) {
            played.does("ann", ConversationCommand.newBuilder().setSetRetention(set));
        }
        return played.says("ann", "hi").effects().stream()
                .filter(Effect.Publish.class::isInstance)
                .map(effect -> ((Effect.Publish) effect).keeping())
                .findFirst()
                .orElseThrow();
    }

    private static ConversationLimits limits(int defaultDays, int maximumDays) {
        return new ConversationLimits(
                Duration.ZERO, Duration.ZERO, defaultDays, maximumDays, 30, 100, 50, ConversationSizes.defaults());
    }

    private void untilDelivered() {
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setSetRetention(SetRetention.newBuilder().setUntilDelivered(Nothing.getDefaultInstance())));
    }

    private void attach(String... users) {
        for (String user : users) {
            device(user, "d");
        }
    }

    private int device(String user, String name) {
        return group
                .does(user, name, ConversationCommand.newBuilder().setAttach(Attach.getDefaultInstance()))
                .effects()
                .stream()
                .filter(Effect.Deliver.class::isInstance)
                .map(effect ->
                        ((Effect.Deliver) effect).delivery().getAttached().getCursor())
                .findFirst()
                .orElseThrow();
    }

    private void acknowledge(String user, int seq) {
        group.does(
                "",
                ConversationCommand.newBuilder()
                        .setReportCursors(ReportCursors.newBuilder()
                                .addCursors(Cursor.newBuilder()
                                        .setUser(user)
                                        .setDevice("d")
                                        .setSeq(seq))));
    }

    private PlayedConversation.Outcome purge() {
        return group.does("", ConversationCommand.newBuilder().setPurgeDelivered(PurgeDelivered.getDefaultInstance()));
    }

    private int purged() {
        return group.store.head().getPurged();
    }
}
