package io.parley.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.AcceptInvitation;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.ListInvitations;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;
import java.util.concurrent.ExecutionException;

/** What holds on a platform that refuses unknown users, and asks who is added by a stranger. */
final class AdmissionChecks {
    private static final UserId DAN = UserId.parse("dan");
    private static final UserId NOBODY = UserId.parse("nobody");

    private AdmissionChecks() {}

    static void assertThatStrangersAreAskedAndUnknownUsersAreNotWrittenTo(Platform platform) throws Exception {
        try (HiveDevice amy = HiveDevice.connect(platform, "amy/phone");
                HiveDevice atDan = HiveDevice.connect(platform, DAN + "/phone")) {
            amy.subscribe("user/amy/reply");
            atDan.subscribe("user/dan/reply");
            atDan.subscribeToAll();
            whoIsAddedByAStrangerIsAMemberWhenTheyAccept(amy, atDan);
            theFirstMessageToNobodyIsRefusedByItsPuback(amy);
            whoHasMadeACallIsWrittenTo(platform, amy);
        }
    }

    private static void whoHasMadeACallIsWrittenTo(Platform platform, HiveDevice amy) throws Exception {
        HttpCaller caller = new HttpCaller(platform, "caller");
        await().atMost(ConversationChecks.LIMIT)
                .until(() -> caller.ask("{\"listDevices\":{}}").status() == 200);
        amy.send(ConversationId.direct(UserId.parse("amy"), UserId.parse("caller")), "m4", "hello!");
    }

    private static void whoIsAddedByAStrangerIsAMemberWhenTheyAccept(HiveDevice amy, HiveDevice atDan)
            throws Exception {
        ConversationId group = amy.createGroup("team");
        assertThat(amy.ask(ConversationChecks.named(Request.newBuilder()
                                .setAddMembers(AddMembers.newBuilder()
                                        .setConversation(group.value())
                                        .addUsers(DAN.value()))))
                        .hasOk())
                .isTrue();
        Reply invited = atDan.reply(Reply::hasInvited);
        assertThat(invited.getInvited().getConversation()).isEqualTo(group.value());
        assertThat(invited.getInvited().getBy()).isEqualTo("amy");
        Reply told = amy.reply(Reply::hasError);
        assertThat(told.getError().getCode()).isEqualTo(ErrorCode.AWAITS_CONSENT);
        assertThat(told.getError().getConversation()).isEqualTo(group.value());
        ExecutionException refused = catchThrowableOfType(
                ExecutionException.class,
                () -> atDan.publish(group, "m1", "am I in?").get());
        assertThat(refused).hasCauseInstanceOf(Mqtt5PubAckException.class);
        assertThat(invitations(atDan).getInvitationsList()).hasSize(1);

        assertThat(atDan.ask(ConversationChecks.named(Request.newBuilder()
                                .setAcceptInvitation(
                                        AcceptInvitation.newBuilder().setConversation(group.value()))))
                        .hasOk())
                .isTrue();

        amy.send(group, "m2", "welcome");
        await().atMost(ConversationChecks.LIMIT)
                .until(() -> atDan.events().stream()
                        .anyMatch(event -> event.getText().equals("welcome")));
        assertThat(atDan.events().get(0).getMembersAdded().getUsersList()).containsExactly(DAN.value());
        assertThat(atDan.events()).extracting(ChatEvent::getText).doesNotContain("am I in?");
        assertThat(invitations(atDan).getInvitationsList()).isEmpty();
    }

    private static Reply invitations(HiveDevice device) throws Exception {
        return device.ask(ConversationChecks.named(
                Request.newBuilder().setListInvitations(ListInvitations.getDefaultInstance())));
    }

    private static void theFirstMessageToNobodyIsRefusedByItsPuback(HiveDevice amy) {
        ConversationId two = ConversationId.direct(UserId.parse("amy"), NOBODY);
        ExecutionException refused = catchThrowableOfType(
                ExecutionException.class, () -> amy.publish(two, "m3", "hello?").get());
        assertThat(refused.getCause()).isInstanceOfSatisfying(Mqtt5PubAckException.class, answer -> {
            assertThat(answer.getMqttMessage().getReasonCode()).isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED);
            assertThat(answer.getMqttMessage().getReasonString())
                    .hasValueSatisfying(
                            reason -> assertThat(reason.toString()).isEqualTo("NOT_FOUND: there is no user nobody"));
        });
    }
}
