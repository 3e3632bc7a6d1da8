package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ConversationSummary;
import io.parley.protocol.wire.Delete;
import io.parley.protocol.wire.Describe;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.Nothing;
import io.parley.protocol.wire.PinMessage;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import io.parley.protocol.wire.Role;
import io.parley.protocol.wire.SetAddRight;
import io.parley.protocol.wire.SetAnnouncement;
import io.parley.protocol.wire.SetAvatar;
import io.parley.protocol.wire.SetReadReceipts;
import io.parley.protocol.wire.SetRetention;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a conversation is, is set; as devices see it live, and in the list. */
@WithPlatform
class SettingsIT extends ConversationChecks {
    private static final UserId BOB = UserId.parse("settings-bob");

    SettingsIT(Platform platform) {
        super(platform);
    }

    @Test
    void a_groups_settings_are_events_and_stand_in_the_list() throws Exception {
        UserId eve = UserId.parse("settings-eve");
        try (HiveDevice atEve = HiveDevice.connect(platform(), eve + "/phone");
                HiveDevice atBob = HiveDevice.connect(platform(), BOB + "/in-group")) {
            ConversationId group = atEve.createGroup("team", BOB);
            atBob.subscribe(group);
            byte[] bytes = {1, 2, 3};
            String uploaded = new HttpMedia(platform()).upload(eve, bytes, "application/octet-stream", "a.bin");
            Attachment avatar = Attachment.newBuilder()
                    .setId(uploaded)
                    .setContentType("application/octet-stream")
                    .setName("a.bin")
                    .setSize(bytes.length)
                    .build();
            ok(
                    atEve,
                    Request.newBuilder()
                            .setDescribe(Describe.newBuilder()
                                    .setConversation(group.value())
                                    .setDescription("what we do")));
            ok(
                    atEve,
                    Request.newBuilder()
                            .setSetAvatar(SetAvatar.newBuilder()
                                    .setConversation(group.value())
                                    .setAttachment(Attachment.newBuilder().setId(uploaded))));
            ok(
                    atEve,
                    Request.newBuilder()
                            .setSetAnnouncement(SetAnnouncement.newBuilder()
                                    .setConversation(group.value())
                                    .setOn(true)));
            ok(
                    atEve,
                    Request.newBuilder()
                            .setSetAddRight(SetAddRight.newBuilder()
                                    .setConversation(group.value())
                                    .setRole(Role.MEMBER)));
            ok(atEve, Request.newBuilder().setSetRetention(days(group, 7)));
            ok(
                    atEve,
                    Request.newBuilder()
                            .setSetReadReceipts(SetReadReceipts.newBuilder().setConversation(group.value())));
            awaitEvents(atBob, 7);
            assertThat(atBob.events())
                    .extracting(ChatEvent::getBodyCase)
                    .containsExactly(
                            ChatEvent.BodyCase.GROUP_CREATED,
                            ChatEvent.BodyCase.DESCRIBED,
                            ChatEvent.BodyCase.AVATAR_CHANGED,
                            ChatEvent.BodyCase.ANNOUNCEMENT_CHANGED,
                            ChatEvent.BodyCase.ADD_RIGHT_CHANGED,
                            ChatEvent.BodyCase.RETENTION_CHANGED,
                            ChatEvent.BodyCase.READ_RECEIPTS_CHANGED);
            Publication shout =
                    Publication.newBuilder().setId("m1").setText("me too").build();
            assertThat(atBob.refused(group, shout).getCode()).isEqualTo(ErrorCode.NOT_ALLOWED);
            assertThat(atBob.ask(named(Request.newBuilder().setSetRetention(days(group, 8))))
                            .getError()
                            .getCode())
                    .isEqualTo(ErrorCode.NOT_ALLOWED);

            awaitHead(BOB, group, 7);
            ConversationSummary summary = summary(history(BOB).conversations().getConversationsList(), group);
            assertThat(summary.getDescription()).isEqualTo("what we do");
            assertThat(summary.getAvatar()).isEqualTo(avatar);
            assertThat(summary.getAnnouncement()).isTrue();
            assertThat(summary.getAddRight()).isEqualTo(Role.MEMBER);
            assertThat(summary.getRole()).isEqualTo(Role.MEMBER);
            assertThat(summary.getRetention().getDays()).isEqualTo(7);
            assertThat(summary.getReadReceiptsOff()).isTrue();
            Reply list =
                    atEve.ask(named(Request.newBuilder().setListConversations(ListConversations.getDefaultInstance())));
            // How far each has come is not what this is about.
            assertThat(summary(list.getConversationsList(), group).toBuilder()
                            .clearDelivered()
                            .clearMentions()
                            .build())
                    .isEqualTo(summary.toBuilder()
                            .setRole(Role.OWNER)
                            .clearDelivered()
                            .clearMentions()
                            .build());
        }
    }

    @Test
    void either_of_two_sets_how_long_it_is_kept() throws Exception {
        UserId fay = UserId.parse("settings-fay");
        ConversationId conversation = ConversationId.direct(fay, BOB);
        try (HiveDevice atFay = device(fay, "phone", conversation);
                HiveDevice atBob = device(BOB, "with-fay", conversation)) {
            assertThat(atFay.ask(named(Request.newBuilder().setSetRetention(days(conversation, 7))))
                            .getError()
                            .getCode())
                    .as("nothing was said yet")
                    .isEqualTo(ErrorCode.NOT_FOUND);
            atFay.send(conversation, "m1", "hi");
            awaitEvents(atFay, 1);
            ok(atFay, Request.newBuilder().setSetRetention(days(conversation, 7)));
            ok(
                    atBob,
                    Request.newBuilder()
                            .setSetRetention(SetRetention.newBuilder()
                                    .setConversation(conversation.value())
                                    .setUntilDelivered(Nothing.getDefaultInstance())));
            awaitEvents(atFay, 3);
            assertThat(atFay.events()
                            .get(2)
                            .getRetentionChanged()
                            .getRetention()
                            .hasUntilDelivered())
                    .isTrue();
            awaitHead(fay, conversation, 3);
            assertThat(summary(history(fay).conversations().getConversationsList(), conversation)
                            .getRetention()
                            .hasUntilDelivered())
                    .isTrue();
        }
    }

    @Test
    void a_pinned_message_is_told_and_listed_until_it_is_deleted() throws Exception {
        UserId gus = UserId.parse("settings-gus");
        ConversationId conversation = ConversationId.direct(BOB, gus);
        try (HiveDevice atGus = device(gus, "phone", conversation)) {
            atGus.send(conversation, "m1", "read this");
            ok(
                    atGus,
                    Request.newBuilder()
                            .setPinMessage(PinMessage.newBuilder()
                                    .setConversation(conversation.value())
                                    .setSeq(1)));
            awaitEvents(atGus, 2);
            assertThat(atGus.events().get(1).getMessagePinned().getSeq()).isEqualTo(1);
            assertThat(summary(history(BOB).conversations().getConversationsList(), conversation)
                            .getPinnedList())
                    .containsExactly(1);
            atGus.send(
                    conversation,
                    Publication.newBuilder()
                            .setId("d1")
                            .setDelete(Delete.newBuilder().setSeq(1))
                            .build());
            awaitEvents(atGus, 3);
            assertThat(summary(history(BOB).conversations().getConversationsList(), conversation)
                            .getPinnedList())
                    .isEmpty();
        }
    }

    private static void ok(HiveDevice device, Request.Builder request) throws Exception {
        assertThat(device.ask(named(request)).hasOk()).isTrue();
    }

    private static ConversationSummary summary(List<ConversationSummary> list, ConversationId id) {
        return list.stream()
                .filter(one -> one.getId().equals(id.value()))
                .findFirst()
                .orElseThrow();
    }

    private static SetRetention.Builder days(ConversationId conversation, int days) {
        return SetRetention.newBuilder().setConversation(conversation.value()).setDays(days);
    }
}
