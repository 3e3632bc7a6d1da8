package io.parley.bridge.conversation.pin;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationSizes;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.bridge.conversation.PlayedConversation.Outcome;
import io.parley.bridge.conversation.window.MessageWindow;
import io.parley.bridge.state.Pin;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.BlockChanged;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.EraseMember;
import io.parley.protocol.log.Summarize;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.PinMessage;
import io.parley.protocol.wire.SetRetention;
import io.parley.protocol.wire.UnpinMessage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PinRulesTest {
    private final PlayedConversation group = PlayedConversation.group(limits(0, 50));

    @Test
    void pinning_and_unpinning_are_events_once() {
        int seq = group.says("ben", "read this").seq();

        Outcome pinned = group.does("ann", pin(seq));
        assertThat(pinned.event().getMessagePinned().getSeq()).isEqualTo(seq);
        assertThat(pinned.event().getFrom()).isEqualTo("ann");
        assertThat(pinned.replies().get(0).hasOk()).isTrue();
        assertThat(shown("cid")).containsExactly(seq);
        Outcome again = group.does("ann", pin(seq));
        assertThat(again.events()).isEmpty();
        assertThat(again.replies().get(0).hasOk()).isTrue();

        assertThat(group.does("ann", unpin(seq)).event().getMessageUnpinned().getSeq())
                .isEqualTo(seq);
        assertThat(shown("cid")).isEmpty();
        Outcome none = group.does("ann", unpin(seq));
        assertThat(none.events()).isEmpty();
        assertThat(none.replies().get(0).hasOk()).isTrue();
    }

    @Test
    void they_are_shown_in_the_order_of_pinning() {
        int first = group.says("ben", "a").seq();
        int second = group.says("ben", "b").seq();
        group.does("ann", pin(second));
        group.does("ann", pin(first));

        assertThat(shown("ben")).containsExactly(second, first);
    }

    @Test
    void members_and_strangers_pin_nothing() {
        int seq = group.says("ben", "mine").seq();
        group.does("ann", pin(seq));

        for (ConversationCommand.Builder command : List.of(pin(seq), unpin(seq))) {
            assertThat(group.does("ben", command.clone()).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
            assertThat(group.does("eve", command.clone()).error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
        }
        assertThat(shown("ben")).containsExactly(seq);
    }

    @Test
    void only_messages_are_pinned() {
        assertThat(group.does("ann", pin(0)).error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.does("ann", pin(1)).error()).as("the founding").isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.does("ann", pin(2)).error()).isEqualTo(ErrorCode.NOT_FOUND);
        int seq = group.says("ben", "gone").seq();
        group.deletes("ben", seq);
        assertThat(group.does("ann", pin(seq)).error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.store.pins()).isEmpty();
    }

    @Test
    void one_more_than_the_server_allows_is_refused() {
        PlayedConversation strict = PlayedConversation.group(limits(0, 2));
        int first = strict.says("ben", "a").seq();
        int second = strict.says("ben", "b").seq();
        int third = strict.says("ben", "c").seq();
        strict.does("ann", pin(first));
        strict.does("ann", pin(second));

        assertThat(strict.does("ann", pin(third)).error()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(strict.does("ann", pin(second)).replies().get(0).hasOk()).isTrue();
        strict.does("ann", unpin(first));
        assertThat(strict.does("ann", pin(third)).events()).hasSize(1);
    }

    @Test
    void a_pin_ends_with_its_message() {
        int deleted = group.says("ben", "a").seq();
        int erased = group.says("cid", "b").seq();
        int stays = group.says("ann", "c").seq();
        List.of(deleted, erased, stays).forEach(seq -> group.does("ann", pin(seq)));

        group.deletes("ben", deleted);
        assertThat(shown("ann")).containsExactly(erased, stays);
        erase(group, "cid");
        assertThat(shown("ann")).containsExactly(stays);
    }

    @Test
    void a_pin_ends_with_an_erased_message_that_lies_far_back() {
        int seq = group.says("cid", "long ago").seq();
        group.does("ann", pin(seq));
        for (int i = 0; i <= MessageWindow.MOST; i++) {
            group.says("ben", "more");
        }
        assertThat(group.store.said(seq)).isNull();
        assertThat(shown("ben")).containsExactly(seq);

        erase(group, "cid");
        assertThat(shown("ben")).isEmpty();
        assertThat(group.does("ann", pin(seq)).error()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void a_message_that_leaves_the_window_with_its_own_pinning_is_pinned() {
        int seq = group.says("cid", "long ago").seq();
        while (group.store.head().getSeq() % MessageWindow.BLOCK_SIZE != 0
                || group.store.head().getSeq() < MessageWindow.BLOCK_SIZE * (MessageWindow.BLOCKS + 1)) {
            group.says("ben", "more");
        }
        assertThat(group.store.said(seq)).isNotNull();
        group.does("ann", pin(seq));

        assertThat(group.store.said(seq)).isNull();
        assertThat(shown("ben")).containsExactly(seq);
    }

    @Test
    void a_pin_ends_when_its_message_expires() {
        PlayedConversation forAWeek = PlayedConversation.group(limits(7, 1));
        int old = forAWeek.says("ben", "a").seq();
        forAWeek.does("ann", pin(old));
        forAWeek.later(Duration.ofDays(6));
        int young = forAWeek.says("ben", "b").seq();
        assertThat(forAWeek.does("ann", pin(young)).error()).isEqualTo(ErrorCode.TOO_LARGE);
        forAWeek.later(Duration.ofDays(1));

        assertThat(shown(forAWeek, "ann")).isEmpty();
        assertThat(forAWeek.does("ann", pin(old)).error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(forAWeek.does("ann", unpin(old)).events()).isEmpty();
        assertThat(forAWeek.does("ann", pin(young)).events()).hasSize(1);
        assertThat(forAWeek.store.pins()).extracting(Pin::getSeq).containsExactly(young);
    }

    @Test
    void who_came_later_sees_later_messages_pinned() {
        int before = group.says("ann", "a").seq();
        group.does("ann", pin(before));
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setAddMembers(AddMembers.newBuilder().addUsers("dora")));
        int after = group.says("ann", "b").seq();
        group.does("ann", pin(after));

        assertThat(shown("dora")).containsExactly(after);
        assertThat(shown("ben")).containsExactly(before, after);
    }

    @Test
    void either_of_two_pins() {
        PlayedConversation two = new PlayedConversation(ConversationId.parse("ann~ben"), limits(0, 50));
        assertThat(two.does("ben", pin(1)).error()).as("nothing was said yet").isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(two.does("ben", unpin(1)).error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(two.rows.keys("")).isEmpty();
        two.says("ann", "hi");

        assertThat(two.does("ben", pin(1)).seq()).isEqualTo(2);
        assertThat(two.does("ann", unpin(1)).seq()).isEqualTo(3);
        assertThat(two.does("eve", pin(1)).error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
        two.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setBlockChanged(BlockChanged.newBuilder().setBy("ann").setBlocked(true)));
        assertThat(two.does("ben", pin(1)).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
    }

    @Test
    void nothing_is_left_when_all_have_gone() {
        group.does("ann", pin(group.says("ben", "a").seq()));
        for (String user : List.of("ann", "ben", "cid")) {
            assertThat(group.rows.keys("P|")).hasSize(1);
            group.does(user, ConversationCommand.newBuilder().setLeave(Leave.getDefaultInstance()));
        }
        assertThat(group.rows.keys("P|")).isEmpty();
    }

    @Test
    void a_shorter_retention_ends_pins_at_once() {
        int seq = group.says("ben", "a").seq();
        group.does("ann", pin(seq));
        group.later(Duration.ofDays(2));
        assertThat(shown("ben")).containsExactly(seq);
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setSetRetention(SetRetention.newBuilder().setDays(1)));

        assertThat(shown("ben")).isEmpty();
    }

    private List<Integer> shown(String user) {
        return shown(group, user);
    }

    private static List<Integer> shown(PlayedConversation conversation, String user) {
        return conversation
                .does(user, ConversationCommand.newBuilder().setSummarize(Summarize.getDefaultInstance()))
                .effects()
                .stream()
                .map(effect -> ((Effect.Deliver) effect).delivery().getSummary().getSummary())
                .findFirst()
                .orElseThrow()
                .getPinnedList();
    }

    private static void erase(PlayedConversation conversation, String user) {
        conversation.does(
                user,
                ConversationCommand.newBuilder()
                        .setEraseMember(EraseMember.newBuilder().setUser(user)));
    }

    private static ConversationCommand.Builder pin(int seq) {
        return ConversationCommand.newBuilder()
                .setPinMessage(PinMessage.newBuilder().setSeq(seq));
    }

    private static ConversationCommand.Builder unpin(int seq) {
        return ConversationCommand.newBuilder()
                .setUnpinMessage(UnpinMessage.newBuilder().setSeq(seq));
    }

    private static ConversationLimits limits(int keptDays, int pins) {
        return new ConversationLimits(
                Duration.ofHours(24),
                Duration.ofHours(48),
                keptDays,
                0,
                30,
                100,
                50,
                new ConversationSizes(ConversationSizes.MOST_MEMBERS, pins));
    }
}
