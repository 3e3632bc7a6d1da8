package io.parley.bridge.conversation.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.conversation.PlayedConversation;
import io.parley.bridge.conversation.PlayedConversation.Outcome;
import io.parley.bridge.state.Member;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.wire.AddMembers;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Leave;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.RemoveMembers;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Role;
import io.parley.protocol.wire.SetAddRight;
import io.parley.protocol.wire.SetRole;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MembershipRulesTest {
    private final PlayedConversation group = PlayedConversation.group();

    @Test
    void the_last_owner_who_leaves_hands_over_to_an_admin() {
        setRole("ann", "cid", Role.ADMIN);

        Outcome left = leave("ann");

        assertThat(left.events()).hasSize(2);
        assertThat(left.events().get(1).getRoleChanged().getUser()).isEqualTo("cid");
        assertThat(role("cid")).isEqualTo(Role.OWNER);
        assertThat(role("ben")).isEqualTo(Role.MEMBER);
    }

    @Test
    void without_an_admin_who_joined_first_takes_over() {
        add("ann", "abe");
        Outcome left = leave("ann");

        assertThat(left.events().get(1).getRoleChanged().getUser()).isEqualTo("ben");
        assertThat(leave("ben").events().get(1).getRoleChanged().getUser()).isEqualTo("cid");
        assertThat(leave("cid").events().get(1).getRoleChanged().getUser()).isEqualTo("abe");
        assertThat(leave("abe").events()).as("nobody is left to take over").hasSize(1);
    }

    @Test
    void a_repeated_creation_answers_what_is_true_now() {
        assertThat(created("ann")).isEqualTo(PlayedConversation.GROUP.value());
        add("ann", "abe");
        leave("ann");
        Outcome again = group.does("ann", creation());

        assertThat(again.events()).isEmpty();
        assertThat(again.error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
        add("ben", "ann");
        assertThat(created("ann")).isEqualTo(PlayedConversation.GROUP.value());
        List.of("ann", "ben", "cid", "abe").forEach(this::leave);
        assertThat(group.does("ann", creation()).error())
                .as("everybody left, and it does not begin again")
                .isEqualTo(ErrorCode.NOT_A_MEMBER);
    }

    private String created(String user) {
        Outcome outcome = group.does(user, creation());
        assertThat(outcome.events()).isEmpty();
        return outcome.replies().get(0).getConversation();
    }

    private static ConversationCommand.Builder creation() {
        return ConversationCommand.newBuilder()
                .setCreateGroup(CreateGroup.newBuilder().addMembers("ben").addMembers("cid"));
    }

    @Test
    void an_owner_among_owners_just_leaves() {
        setRole("ann", "ben", Role.OWNER);

        assertThat(leave("ann").events()).hasSize(1);
        assertThat(role("ben")).isEqualTo(Role.OWNER);
    }

    @Test
    void only_owners_set_roles() {
        setRole("ann", "ben", Role.ADMIN);

        assertThat(setRole("ben", "cid", Role.ADMIN).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(setRole("ben", "ann", Role.MEMBER).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(setRole("cid", "cid", Role.OWNER).error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(setRole("ann", "eve", Role.ADMIN).error()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(setRole("ann", "cid", Role.ROLE_UNSPECIFIED).error()).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(setRole("ann", "ben", Role.ADMIN).events())
                .as("is one already")
                .isEmpty();
    }

    @Test
    void the_last_owner_stays_one() {
        assertThat(setRole("ann", "ann", Role.ADMIN).error()).isEqualTo(ErrorCode.CONFLICT);
        setRole("ann", "ben", Role.OWNER);
        assertThat(setRole("ben", "ann", Role.ADMIN).events()).hasSize(1);
        assertThat(role("ann")).isEqualTo(Role.ADMIN);
    }

    @Test
    void an_admin_removes_no_owner() {
        setRole("ann", "ben", Role.ADMIN);

        assertThat(remove("ben", "cid", "ann").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(group.store.members()).hasSize(3);
        assertThat(remove("ben", "cid").events()).hasSize(1);
        assertThat(remove("cid", "ben").error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
    }

    @Test
    void an_owner_removes_an_owner() {
        setRole("ann", "ben", Role.OWNER);

        assertThat(remove("ben", "ann").events()).hasSize(1);
    }

    @Test
    void who_may_add_is_the_groups_choice() {
        assertThat(add("ben", "dora").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        setAddRight(Role.MEMBER);
        assertThat(add("ben", "dora").events()).hasSize(1);
        assertThat(remove("ben", "dora").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        setAddRight(Role.OWNER);
        setRole("ann", "ben", Role.ADMIN);
        assertThat(add("ben", "eve").error()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(add("ann", "eve").events()).hasSize(1);
    }

    @Test
    void a_group_has_at_most_1024_members() {
        String[] more = IntStream.range(0, 1024 - 3).mapToObj(i -> "u" + i).toArray(String[]::new);
        assertThat(add("ann", more).events()).hasSize(1);

        assertThat(add("ann", "eve").error()).isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void the_request_for_a_group_that_is_there_is_answered_again() {
        Outcome again = group.does(
                "ann",
                ConversationCommand.newBuilder()
                        .setCreateGroup(CreateGroup.newBuilder().addMembers("ben")));

        assertThat(again.events()).isEmpty();
        assertThat(again.replies())
                .extracting(Reply::getConversation)
                .containsExactly(PlayedConversation.GROUP.value());
    }

    @Test
    void of_a_group_that_all_left_only_the_head_remains() {
        int seq = group.says("ben", "hi").seq();
        group.edits("ben", seq, "hello");
        List.of("ann", "ben", "cid").forEach(this::leave);

        assertThat(group.rows.keys(""))
                .as("and when it falls asleep")
                .filteredOn(key -> !key.startsWith("E|"))
                .containsExactly("h|" + PlayedConversation.GROUP);
        assertThat(group.store.head().getSeq()).isEqualTo(8);
        assertThat(add("ann", "ben").error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
    }

    @Test
    void a_message_sent_again_by_who_was_removed_meanwhile_is_not_refused() {
        Publication message =
                Publication.newBuilder().setId("again").setText("hi").build();
        group.publishes("ben", message.toBuilder());
        remove("ann", "ben");

        assertThat(group.publishes("ben", message.toBuilder()).effects()).isEmpty();
        assertThat(group.says("ben", "more").error()).isEqualTo(ErrorCode.NOT_A_MEMBER);
    }

    private Outcome leave(String user) {
        return group.does(user, ConversationCommand.newBuilder().setLeave(Leave.getDefaultInstance()));
    }

    private Outcome add(String by, String... users) {
        return group.does(
                by,
                ConversationCommand.newBuilder()
                        .setAddMembers(AddMembers.newBuilder().addAllUsers(List.of(users))));
    }

    private Outcome remove(String by, String... users) {
        return group.does(
                by,
                ConversationCommand.newBuilder()
                        .setRemoveMembers(RemoveMembers.newBuilder().addAllUsers(List.of(users))));
    }

    private Outcome setRole(String by, String user, Role role) {
        return group.does(
                by,
                ConversationCommand.newBuilder()
                        .setSetRole(SetRole.newBuilder().setUser(user).setRole(role)));
    }

    private void setAddRight(Role role) {
        assertThat(group.does(
                                "ann",
                                ConversationCommand.newBuilder()
                                        .setSetAddRight(SetAddRight.newBuilder().setRole(role)))
                        .events())
                .hasSize(1);
    }

    private Role role(String user) {
        Member member = group.store.member(UserId.parse(user));
        return member == null ? Role.ROLE_UNSPECIFIED : member.getRole();
    }
}
