package io.parley.bridge.conversation.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.bridge.conversation.ConversationLimits;
import io.parley.bridge.conversation.ConversationSizes;
import io.parley.bridge.conversation.PlayedConversation;
import io.parley.bridge.conversation.PlayedConversation.Outcome;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.React;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Role;
import io.parley.protocol.wire.SetAnnouncement;
import io.parley.protocol.wire.SetRole;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageRulesTest {
    private static final String THUMB = "👍";

    private final PlayedConversation group = PlayedConversation.group();

    @Test
    void the_sender_edits() {
        int seq = group.says("ben", "helo").seq();

        Outcome edit = group.edits("ben", seq, "hello");

        assertThat(edit.seq()).isEqualTo(seq + 1);
        assertThat(edit.event().getFrom()).isEqualTo("ben");
        assertThat(edit.event().getId()).isNotEmpty();
        assertThat(edit.event().getEdited().getSeq()).isEqualTo(seq);
        assertThat(edit.event().getEdited().getText()).isEqualTo("hello");
    }

    @Test
    void nobody_else_edits() {
        int seq = group.says("ben", "hi").seq();

        assertThat(group.edits("ann", seq, "ho").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(group.edits("cid", seq, "ho").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(group.edits("eve", seq, "ho").error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
    }

    @Test
    void a_refusal_names_the_publication() {
        Outcome refused = group.publishes(
                "ben",
                Publication.newBuilder()
                        .setId("late")
                        .setDelete(Delete.newBuilder().setSeq(99)));

        assertThat(refused.events()).isEmpty();
        Error error = refused.replies().get(0).getError();
        assertThat(error.getCode()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(error.getMessageId()).isEqualTo("late");
        assertThat(error.getConversation()).isEqualTo(PlayedConversation.GROUP.value());
    }

    @Test
    void a_message_with_a_request_id_is_answered_by_what_became_of_it() {
        ConversationCommand.Builder message = ConversationCommand.newBuilder()
                .setRequestId("r")
                .setSendMessage(SendMessage.newBuilder()
                        .setPublication(Publication.newBuilder().setId("once").setText("hi")));

        Outcome fresh = group.does("ben", message);
        Outcome again = group.does("ben", message);
        Outcome foreign = group.does("eve", message);

        assertThat(fresh.events()).hasSize(1);
        assertThat(fresh.replies())
                .containsExactly(Reply.newBuilder()
                        .setRequestId("r")
                        .setConversation(PlayedConversation.GROUP.value())
                        .build());
        assertThat(again.events()).isEmpty();
        assertThat(again.replies().get(0).hasOk()).isTrue();
        assertThat(foreign.replies().get(0).getRequestId()).isEqualTo("r");
        assertThat(foreign.error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
        assertThat(group.says("ben", "without one").replies()).isEmpty();
    }

    @Test
    void attachments_get_a_text_and_data_gets_none() {
        int attachment = group.publishes(
                        "ben",
                        Publication.newBuilder()
                                .addAttachments(Attachment.newBuilder().setId("a")))
                .seq();
        int data = group.publishes("ben", Publication.newBuilder().setData(ByteString.copyFromUtf8("d")))
                .seq();

        assertThat(group.edits("ben", attachment, "a picture").events()).hasSize(1);
        assertThat(group.edits("ben", data, "some data").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(group.deletes("ben", data).events()).hasSize(1);
    }

    @Test
    void the_sender_or_who_leads_the_group_deletes() {
        int first = group.says("ben", "one").seq();
        int second = group.says("ben", "two").seq();
        int third = group.says("ann", "three").seq();

        assertThat(group.deletes("cid", first).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(group.deletes("ben", first).event().getDeleted().getSeq()).isEqualTo(first);
        assertThat(group.deletes("ann", second).event().getFrom()).isEqualTo("ann");
        assertThat(group.deletes("ben", third).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        setRole("ben", Role.ADMIN);
        assertThat(group.deletes("ben", third).events()).hasSize(1);
    }

    @Test
    void in_a_conversation_of_two_only_the_sender_deletes() {
        PlayedConversation two = new PlayedConversation(ConversationId.parse("ann~ben"), ConversationLimits.defaults());
        int seq = two.says("ann", "hi").seq();

        assertThat(two.deletes("ben", seq).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(two.deletes("ann", seq).events()).hasSize(1);
    }

    @Test
    void what_is_deleted_is_no_message_any_more() {
        int seq = group.says("ben", "hi").seq();
        group.deletes("ben", seq);

        assertThat(group.edits("ben", seq, "ho").error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.deletes("ben", seq).error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.reacts("cid", seq, THUMB).error()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void a_deletion_names_the_edits_whose_text_goes_with_it() {
        int seq = group.says("ben", "one").seq();
        int first = group.edits("ben", seq, "two").seq();
        int second = group.edits("ben", seq, "three").seq();

        assertThat(group.deletes("ann", seq).event().getDeleted().getEditsList())
                .containsExactly(first, second);
    }

    @Test
    void only_messages_are_changed() {
        int edit = group.edits("ben", group.says("ben", "hi").seq(), "ho").seq();

        assertThat(group.reacts("ben", 1, THUMB).error()).as("the founding").isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.edits("ben", edit, "hu").error()).as("an edit").isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.deletes("ann", edit).error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.deletes("ann", 99).error()).as("the future").isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void what_was_said_before_the_joining_is_not_there() {
        int before = group.says("ben", "among us").seq();
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setAddMembers(AddMembers.newBuilder().addUsers("dora")));
        setRole("dora", Role.ADMIN);
        int after = group.says("ben", "welcome").seq();

        assertThat(group.reacts("dora", before, THUMB).error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.deletes("dora", before).error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(group.reacts("dora", after, THUMB).events()).hasSize(1);
    }

    @Test
    void who_comes_back_does_not_reach_what_they_said_before() {
        int seq = group.says("ben", "bye").seq();
        group.does("ben", ConversationCommand.newBuilder().setLeave(Leave.getDefaultInstance()));
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setAddMembers(AddMembers.newBuilder().addUsers("ben")));

        assertThat(group.edits("ben", seq, "hi").error()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void edits_and_deletions_have_their_time() {
        int seq = group.says("ben", "hi").seq();
        group.later(Duration.ofHours(24));
        assertThat(group.edits("ben", seq, "in time").events()).hasSize(1);
        group.later(Duration.ofSeconds(1));
        assertThat(group.edits("ben", seq, "too late").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        group.later(Duration.ofHours(24).minusSeconds(1));
        int other = group.says("ben", "ho").seq();
        assertThat(group.deletes("ann", seq).events()).hasSize(1);
        group.later(Duration.ofDays(2).plusSeconds(1));
        assertThat(group.deletes("ben", other).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(group.deletes("ann", other).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(group.reacts("ann", other, THUMB).events()).hasSize(1);
    }

    @Test
    void without_a_limit_a_year_is_not_too_long() {
        PlayedConversation free = PlayedConversation.group(
                new ConversationLimits(Duration.ZERO, Duration.ZERO, 0, 0, 30, 100, 50, ConversationSizes.defaults()));
        int seq = free.says("ben", "hi").seq();
        free.later(Duration.ofDays(365));

        assertThat(free.edits("ben", seq, "ho").events()).hasSize(1);
        assertThat(free.deletes("ben", seq).events()).hasSize(1);
    }

    @Test
    void a_message_is_not_edited_for_ever() {
        int seq = group.says("ben", "0").seq();
        for (int i = 1; i <= MessageRules.MAX_EDITS; i++) {
            assertThat(group.edits("ben", seq, "" + i).events()).hasSize(1);
        }

        assertThat(group.edits("ben", seq, "more").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
    }

    @Test
    void a_reaction_is_set_and_taken_back_once() {
        int seq = group.says("ben", "hi").seq();

        assertThat(group.reacts("cid", seq, THUMB).event().getReacted().getEmoji())
                .isEqualTo(THUMB);
        assertThat(group.reacts("cid", seq, THUMB)).isEqualTo(nothing());
        assertThat(group.reacts("ben", seq, THUMB).events()).hasSize(1);
        assertThat(group.unreacts("cid", seq, "❤️")).isEqualTo(nothing());
        assertThat(group.unreacts("cid", seq, THUMB).event().getReacted().getRemove())
                .isTrue();
        assertThat(group.unreacts("cid", seq, THUMB)).isEqualTo(nothing());
        assertThat(group.store.reactions(seq, UserId.parse("ben"))).containsExactly(THUMB);
    }

    @Test
    void a_reaction_that_changed_nothing_changes_nothing_when_it_comes_again() {
        int seq = group.says("ben", "hi").seq();
        group.reacts("cid", seq, THUMB);
        Publication.Builder again = Publication.newBuilder()
                .setId("again")
                .setReact(React.newBuilder().setSeq(seq).setEmoji(THUMB));
        assertThat(group.publishes("cid", again.clone())).isEqualTo(nothing());
        group.unreacts("cid", seq, THUMB);

        assertThat(group.publishes("cid", again.clone())).isEqualTo(nothing());
        assertThat(group.store.reactions(seq, UserId.parse("cid"))).isEmpty();
    }

    @Test
    void many_reactions_that_change_nothing_push_no_newer_id_out() {
        int seq = group.says("ben", "hi").seq();
        group.reacts("cid", seq, THUMB);
        for (int i = 0; i < 600; i++) {
            assertThat(group.publishes(
                            "cid",
                            Publication.newBuilder()
                                    .setId("r" + i)
                                    .setReact(React.newBuilder().setSeq(seq).setEmoji(THUMB))))
                    .isEqualTo(nothing());
        }
        group.unreacts("cid", seq, THUMB);

        // 255 of them and the removal are the last 256.
        for (int i = 600 - 255; i < 600; i++) {
            assertThat(group.publishes(
                            "cid",
                            Publication.newBuilder()
                                    .setId("r" + i)
                                    .setReact(React.newBuilder().setSeq(seq).setEmoji(THUMB))))
                    .as("r" + i)
                    .isEqualTo(nothing());
        }
        assertThat(group.publishes(
                                "cid",
                                Publication.newBuilder()
                                        .setId("r0")
                                        .setReact(React.newBuilder().setSeq(seq).setEmoji(THUMB)))
                        .events())
                .as("what is forgotten is new")
                .hasSize(1);
    }

    @Test
    void a_message_that_another_device_sends_again_is_the_same() {
        Publication.Builder message = Publication.newBuilder().setId("x").setText("hi");
        assertThat(sends("phone", message.clone()).events()).hasSize(1);
        for (int i = 0; i < 300; i++) {
            assertThat(sends("laptop", Publication.newBuilder().setId("l" + i).setText("ho"))
                            .events())
                    .hasSize(1);
        }
        group.later(Duration.ofHours(5));

        assertThat(sends("phone", message.clone())).isEqualTo(nothing());
        assertThat(sends("laptop", message.clone())).isEqualTo(nothing());
    }

    private Outcome sends(String device, Publication.Builder publication) {
        return group.does(
                "ben",
                device,
                ConversationCommand.newBuilder()
                        .setSendMessage(SendMessage.newBuilder().setPublication(publication)));
    }

    @Test
    void what_is_no_emoji_is_not_set_and_can_be_taken_back() {
        int seq = group.says("ben", "hi").seq();

        assertThat(group.reacts("cid", seq, "a").error()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(group.reacts("cid", seq, "\u200D").error()).isEqualTo(ErrorCode.BAD_REQUEST);
        // An older version took letters.
        assertThat(group.unreacts("cid", seq, "a")).isEqualTo(nothing());
    }

    @Test
    void one_member_does_not_cover_a_message_with_emojis() {
        int seq = group.says("ben", "hi").seq();
        for (int i = 0; i < MessageRules.MAX_REACTIONS; i++) {
            assertThat(group.reacts("cid", seq, Character.toString(0x1F600 + i)).events())
                    .hasSize(1);
        }

        assertThat(group.reacts("cid", seq, THUMB).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(group.reacts("ben", seq, THUMB).events()).hasSize(1);
        assertThat(group.unreacts("cid", seq, Character.toString(0x1F600)).events())
                .hasSize(1);
        assertThat(group.reacts("cid", seq, THUMB).events()).hasSize(1);
    }

    @Test
    void an_answer_is_to_what_is_there() {
        int seq = group.says("ben", "hi").seq();

        assertThat(group.publishes("cid", Publication.newBuilder().setText("ho").setReplyTo(seq))
                        .event()
                        .getReplyTo())
                .isEqualTo(seq);
        assertThat(group.publishes("cid", Publication.newBuilder().setText("ho").setReplyTo(seq + 2))
                        .error())
                .isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void while_announcements_are_on_members_only_react_and_take_back() {
        int seq = group.says("ben", "hi").seq();
        group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setSetAnnouncement(SetAnnouncement.newBuilder().setOn(true)));

        assertThat(group.says("ben", "me too").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(group.edits("ben", seq, "me too").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(group.reacts("cid", group.says("ann", "hear").seq(), THUMB).events())
                .hasSize(1);
        assertThat(group.deletes("ben", seq).events()).hasSize(1);
        setRole("ben", Role.ADMIN);
        assertThat(group.says("ben", "now I may").events()).hasSize(1);
    }

    private void setRole(String user, Role role) {
        assertThat(group.does(
                                "ann",
                                ConversationCommand.newBuilder()
                                        .setSetRole(SetRole.newBuilder()
                                                .setUser(user)
                                                .setRole(role)))
                        .events())
                .hasSize(1);
    }

    private static Outcome nothing() {
        return new Outcome(List.of(), List.of(), List.of());
    }
}
