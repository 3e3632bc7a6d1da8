package io.parley.bridge.conversation.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.EraseMember;
import io.parley.protocol.log.PresenceChanged;
import io.parley.protocol.log.ReportCursors;
import io.parley.protocol.log.TellSignals;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErasureRulesTest {
    private static final UserId ANN = UserId.parse("ann");
    private static final UserId BEN = UserId.parse("ben");

    @Test
    void an_erased_member_leaves_nothing_and_a_group_gets_another_owner() {
        PlayedConversation group = PlayedConversation.group();
        int anns = group.says("ann", "hi").seq();
        int bens = group.says("ben", "hello").seq();
        group.reacts("ann", bens, "👍");
        group.does("ann", ConversationCommand.newBuilder().setAttach(Attach.getDefaultInstance()));
        read(group, "ann", bens);
        assertThat(group.store.pointers(ANN).getRead()).isEqualTo(bens);

        PlayedConversation.Outcome outcome = erase(group, "ann");

        assertThat(outcome.events())
                .extracting(ChatEvent::getBodyCase)
                .containsExactly(ChatEvent.BodyCase.USER_ERASED, ChatEvent.BodyCase.ROLE_CHANGED);
        assertThat(group.store.member(ANN)).isNull();
        assertThat(group.store.members()).containsExactly(BEN, UserId.parse("cid"));
        assertThat(group.store.member(BEN))
                .extracting(member -> member.getRole())
                .isEqualTo(Role.OWNER);
        assertThat(group.store.said(anns)).isNull();
        assertThat(group.store.said(bens)).isNotNull();
        assertThat(group.store.reactions(bens, ANN)).isEmpty();
        assertThat(group.store.positions(ANN)).isEmpty();
        assertThat(group.rows.keys("")).noneMatch(key -> key.contains("|ann"));
        assertThat(group.says("ann", "still here").error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
    }

    @Test
    void who_left_before_is_erased_all_the_same() {
        PlayedConversation group = PlayedConversation.group();
        int bens = group.says("ben", "hello").seq();
        group.does(
                "ben", ConversationCommand.newBuilder().setLeave(io.parley.protocol.wire.Leave.getDefaultInstance()));
        assertThat(erase(group, "ben").event().hasUserErased()).isTrue();
        assertThat(group.store.said(bens)).isNull();
        assertThat(group.store.head().getMemberCount()).isEqualTo(2);
    }

    @Test
    void of_a_conversation_of_two_the_other_keeps_theirs() {
        PlayedConversation two = new PlayedConversation(ConversationId.parse("ann~ben"), ConversationLimits.defaults());
        int anns = two.says("ann", "hi").seq();
        int bens = two.says("ben", "hello").seq();
        assertThat(erase(two, "ann").event().hasUserErased()).isTrue();
        assertThat(two.store.said(anns)).isNull();
        assertThat(two.store.said(bens)).isNotNull();
    }

    @Test
    void what_the_erased_user_read_before_is_remembered_no_more_and_what_is_read_later_is() {
        PlayedConversation two = new PlayedConversation(ConversationId.parse("ann~ben"), ConversationLimits.defaults());
        int bens = two.says("ben", "hello").seq();
        erase(two, "ann");
        read(two, "ann", bens);
        assertThat(two.rows.keys("")).noneMatch(key -> key.endsWith("|ann"));

        int next = two.says("ben", "are you back?").seq();
        read(two, "ann", next);
        assertThat(two.store.pointers(ANN).getRead()).isEqualTo(next);
    }

    @Test
    void the_other_of_two_sees_nobody_there_any_more() {
        PlayedConversation two = new PlayedConversation(ConversationId.parse("ann~ben"), ConversationLimits.defaults());
        two.says("ann", "hi");
        two.does(
                "ben",
                ConversationCommand.newBuilder().setAttach(Attach.newBuilder().setPresence(true)));
        Presence online = Presence.newBuilder().setUser("ann").setOnline(true).build();
        two.does(
                "",
                ConversationCommand.newBuilder()
                        .setPresenceChanged(PresenceChanged.newBuilder().setPresence(online)));
        assertThat(presence(two)).containsExactly(online);

        erase(two, "ann");
        assertThat(presence(two))
                .containsExactly(Presence.newBuilder().setUser("ann").build());
    }

    private static List<Presence> presence(PlayedConversation played) {
        return played
                .does("", ConversationCommand.newBuilder().setTellSignals(TellSignals.getDefaultInstance()))
                .effects()
                .stream()
                .filter(Effect.Deliver.class::isInstance)
                .flatMap(effect ->
                        ((Effect.Deliver) effect).delivery().getSignal().getPresence().getPresenceList().stream())
                .toList();
    }

    @Test
    void who_is_called_like_a_seq_takes_nobodys_edits_along() {
        PlayedConversation two = new PlayedConversation(ConversationId.parse("1~ben"), ConversationLimits.defaults());
        int bens = two.says("ben", "hi").seq();
        int edit = two.edits("ben", bens, "hello").seq();
        erase(two, "1");
        assertThat(two.deletes("ben", bens).event().getDeleted().getEditsList()).containsExactly(edit);
    }

    @Test
    void what_was_never_said_is_not_erased() {
        PlayedConversation two = new PlayedConversation(ConversationId.parse("ann~ben"), ConversationLimits.defaults());
        assertThat(erase(two, "ann").events()).isEmpty();
    }

    private static PlayedConversation.Outcome erase(PlayedConversation played, String user) {
        return played.does(
                "",
                ConversationCommand.newBuilder()
                        .setEraseMember(EraseMember.newBuilder().setUser(user)));
    }

    private static void read(PlayedConversation played, String user, int seq) {
        played.does(
                "",
                ConversationCommand.newBuilder()
                        .setReportCursors(ReportCursors.newBuilder()
                                .addCursors(Cursor.newBuilder()
                                        .setUser(user)
                                        .setDevice("d")
                                        .setSeq(seq)
                                        .setRead(seq))));
    }
}
