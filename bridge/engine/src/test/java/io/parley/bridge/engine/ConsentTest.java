package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.user.ConsentLimits;
import io.parley.bridge.user.UserLimits;
import io.parley.gateway.delivering.DeliveryNode.Addressed;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SendMessage;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.AcceptInvitation;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.Block;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.DeclineInvitation;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.ListInvitations;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users whom a stranger adds to a group become members when they accept: both machines. */
final class ConsentTest {
    private static final ConversationId GROUP = ConversationId.parse("g0123456789abc");
    private static final Duration KEPT = Duration.ofDays(7);
    private static final UserLimits LIMITS =
            new UserLimits(true, 10, 100, 100, 100, 100, 32, new ConsentLimits(true, 3, KEPT), Duration.ofDays(30));

    private final SimulatedLog log = new SimulatedLog(new Random(1), LIMITS);

    @BeforeEach
    void ann_has_a_group_and_ben_and_cid_have_connected() {
        for (String user : List.of("ann", "ben", "cid")) {
            log.append(
                    user,
                    user(user)
                            .setDeviceConnected(DeviceConnected.newBuilder().setExpirySeconds(3600))
                            .build());
        }
        log.append(
                "ann",
                user("ann")
                        .setOpenGroup(OpenGroup.newBuilder()
                                .setConversation(GROUP.value())
                                .setGroup(CreateGroup.getDefaultInstance()))
                        .build());
        settle();
    }

    @Test
    void who_is_added_by_a_stranger_is_no_member_until_they_accept() {
        adds("ann", "ben");
        assertThat(replies("ben"))
                .filteredOn(Reply::hasInvited)
                .singleElement()
                .matches(reply -> reply.getInvited().getBy().equals("ann"))
                .matches(reply -> reply.getInvited().getConversation().equals(GROUP.value()));
        pass(Duration.ofSeconds(3));
        assertThat(members()).containsExactly("m|g0123456789abc|ann");
        assertThat(replies("ann"))
                .anyMatch(reply -> reply.getError().getCode() == ErrorCode.AWAITS_CONSENT
                        && reply.getError().getMessage().startsWith("invited: ben"));
        assertThat(log.keysWith("v|ben")).isEmpty();

        accepts("r1");

        assertThat(answer("r1").hasOk()).isTrue();
        assertThat(members()).hasSize(2);
        ChatEvent last = last();
        assertThat(last.getFrom()).isEqualTo("ann");
        assertThat(last.getMembersAdded().getUsersList()).containsExactly("ben");
        assertThat(log.keysWith("v|ben|" + GROUP)).hasSize(1);
        assertThat(invitations()).isEmpty();
        pass(Duration.ofSeconds(3));
        assertThat(members()).as("and stays").hasSize(2);
    }

    @Test
    void who_accepts_before_they_are_removed_again_stays() {
        adds("ann", "ben");
        accepts("r1");
        pass(Duration.ofSeconds(3));
        assertThat(answer("r1").hasOk()).isTrue();
        assertThat(members()).hasSize(2);
        assertThat(log.keysWith("v|ben|" + GROUP)).hasSize(1);
        assertThat(log.events(GROUP)).as("added once").hasSize(2);
        assertThat(invitations()).isEmpty();
    }

    @Test
    void who_has_a_conversation_with_the_one_who_adds_them_is_a_member_at_once() {
        says("ann", "ben");
        adds("ann", "ben");
        pass(Duration.ofSeconds(3));
        assertThat(members()).hasSize(2);
        assertThat(invitations()).isEmpty();
    }

    @Test
    void an_invitation_that_is_declined_or_over_leaves_nothing_behind() {
        adds("ann", "ben");
        pass(Duration.ofSeconds(3));
        log.append(
                "ben",
                user("ben")
                        .setRequestId("r1")
                        .setDeclineInvitation(DeclineInvitation.newBuilder().setConversation(GROUP.value()))
                        .build());
        settle();
        assertThat(answer("r1").hasOk()).isTrue();
        assertThat(invitations()).isEmpty();

        adds("ann", "ben");
        pass(Duration.ofSeconds(3));
        assertThat(invitations()).hasSize(2);
        log.append(
                "ben",
                user("ben")
                        .setRequestId("r2")
                        .setListInvitations(ListInvitations.getDefaultInstance())
                        .build());
        settle();
        assertThat(answer("r2").getInvitationsList()).hasSize(1);
        pass(KEPT);
        assertThat(invitations()).isEmpty();
        accepts("r3");
        assertThat(answer("r3").getError().getCode()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(members()).hasSize(1);
    }

    @Test
    void who_blocks_the_one_who_adds_them_gets_no_invitation_and_the_other_is_told_the_same() {
        says("ann", "ben");
        log.append(
                "ben", user("ben").setBlock(Block.newBuilder().setUser("ann")).build());
        settle();
        adds("ann", "ben");
        pass(Duration.ofSeconds(3));
        assertThat(replies("ben")).noneMatch(Reply::hasInvited);
        assertThat(replies("ann")).anyMatch(reply -> reply.getError().getCode() == ErrorCode.AWAITS_CONSENT);
        assertThat(invitations()).isEmpty();
        assertThat(members()).hasSize(1);
    }

    @Test
    void an_invitation_is_void_when_who_invited_may_add_no_more() {
        says("ann", "cid");
        adds("ann", "cid");
        adds("ann", "ben");
        pass(Duration.ofSeconds(3));
        log.append(
                GROUP,
                ConversationCommand.newBuilder()
                        .setOrigin(origin("ann"))
                        .setLeave(Leave.newBuilder().setConversation(GROUP.value()))
                        .build());
        settle();
        accepts("r1");
        assertThat(answer("r1").getError().getCode()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(members()).containsExactly("m|g0123456789abc|cid");
        assertThat(log.keysWith("v|ben|" + GROUP)).isEmpty();
    }

    private void adds(String by, String user) {
        log.append(
                GROUP,
                ConversationCommand.newBuilder()
                        .setOrigin(origin(by))
                        .setAddMembers(AddMembers.newBuilder().addUsers(user))
                        .build());
        settle();
    }

    private void accepts(String requestId) {
        log.append(
                "ben",
                user("ben")
                        .setRequestId(requestId)
                        .setAcceptInvitation(AcceptInvitation.newBuilder().setConversation(GROUP.value()))
                        .build());
        settle();
    }

    /** The first message of the two. */
    private void says(String user, String other) {
        ConversationId two = ConversationId.parse(user + "~" + other);
        ConversationCommand.Builder command = ConversationCommand.newBuilder().setOrigin(origin(user));
        log.append(
                two,
                command.clone()
                        .setAttach(Attach.newBuilder().setRightsOnly(true).setToWrite(true))
                        .build());
        settle();
        log.append(
                two,
                command.setSendMessage(SendMessage.newBuilder()
                                .setPublication(
                                        Publication.newBuilder().setId("m1").setText("t")))
                        .build());
        settle();
        assertThat(log.events(two)).hasSize(1);
    }

    private void pass(Duration time) {
        log.pass(time.toMillis());
        settle();
    }

    private void settle() {
        while (log.run(100)) {
            // Until nothing is under way.
        }
    }

    private List<String> members() {
        return log.keysWith("m|" + GROUP);
    }

    /** The rows of ben's invitations, two of each. */
    private List<String> invitations() {
        return log.keys().stream().filter(key -> key.startsWith("i")).toList();
    }

    private ChatEvent last() {
        List<ChatEvent> events = log.events(GROUP);
        return events.get(events.size() - 1);
    }

    private Reply answer(String requestId) {
        return replies("ben").stream()
                .filter(reply -> reply.getRequestId().equals(requestId))
                .findFirst()
                .orElseThrow();
    }

    private List<Reply> replies(String user) {
        return log.deliveries(0).stream()
                .map(Addressed::delivery)
                .filter(delivery -> delivery.getReply().getUser().equals(user))
                .map(delivery -> delivery.getReply().getReply())
                .toList();
    }

    private static UserCommand.Builder user(String user) {
        return UserCommand.newBuilder().setOrigin(origin(user));
    }

    private static Origin origin(String user) {
        return Origin.newBuilder()
                .setUser(user)
                .setDevice("phone")
                .setConnection(1)
                .setNode(Node.newBuilder().setSlot(0).setEpoch(1))
                .build();
    }
}
