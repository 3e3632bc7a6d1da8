package io.parley.bridge.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Reacted;
import io.parley.protocol.wire.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A conversation told by its events alone, which knows for each whether its sender had the right to it. */
final class ConversationModel {
    private record Message(String sender, List<Integer> edits, Set<String> reactions) {}

    private record Member(Role role, int joined) {
        boolean leads() {
            return role == Role.OWNER || role == Role.ADMIN;
        }
    }

    private final boolean direct;
    private final Map<String, Member> members = new HashMap<>();
    private final Map<Integer, Message> messages = new HashMap<>();
    private Role addRight = Role.ADMIN;
    private boolean announcement;

    ConversationModel(ConversationId id) {
        direct = id.isDirect();
        if (direct) {
            members.put(id.first().value(), new Member(Role.MEMBER, 1));
            members.put(id.second().value(), new Member(Role.MEMBER, 1));
        }
    }

    /** Takes the next event, and fails if it should not be. */
    void take(ChatEvent event) {
        String from = event.getFrom();
        Member by = members.getOrDefault(from, new Member(Role.ROLE_UNSPECIFIED, Integer.MAX_VALUE));
        if (!event.getId().isEmpty()) {
            assertThat(members).as("only members publish").containsKey(from);
        }
        switch (event.getBodyCase()) {
            case TEXT -> {
                assertThat(!announcement || by.leads()).as("may write").isTrue();
                assertThat(event.getReplyTo()).isLessThan(event.getSeq());
                messages.put(event.getSeq(), new Message(from, new ArrayList<>(), new HashSet<>()));
            }
            case EDITED -> {
                Message message = target(event.getEdited().getSeq(), by);
                assertThat(message.sender()).isEqualTo(from);
                message.edits().add(event.getSeq());
            }
            case DELETED -> {
                Message message = target(event.getDeleted().getSeq(), by);
                assertThat(message.sender().equals(from) || by.leads()).isTrue();
                assertThat(event.getDeleted().getEditsList()).isEqualTo(message.edits());
                messages.remove(event.getDeleted().getSeq());
            }
            case REACTED -> react(event.getReacted(), from, by);
            case RETENTION_CHANGED, READ_RECEIPTS_CHANGED ->
                assertThat(direct || by.leads()).isTrue();
            default -> group(event, by);
        }
    }

    private void react(Reacted reacted, String from, Member by) {
        Set<String> set = target(reacted.getSeq(), by).reactions();
        String one = from + " " + reacted.getEmoji();
        assertThat(reacted.getRemove() ? set.remove(one) : set.add(one))
                .as("a reaction changes something")
                .isTrue();
    }

    private Message target(int seq, Member by) {
        assertThat(by.joined()).as("the target is visible").isLessThanOrEqualTo(seq);
        Message target = messages.get(seq);
        if (target == null) {
            throw new AssertionError("no message " + seq);
        }
        return target;
    }

    private void group(ChatEvent event, Member by) {
        switch (event.getBodyCase()) {
            case GROUP_CREATED -> {
                event.getGroupCreated().getMembersList().forEach(user -> join(user, event));
                members.put(event.getFrom(), new Member(Role.OWNER, event.getSeq()));
            }
            case MEMBERS_ADDED -> {
                assertThat(by.role().getNumber()).isGreaterThanOrEqualTo(addRight.getNumber());
                event.getMembersAdded().getUsersList().forEach(user -> join(user, event));
            }
            case MEMBERS_REMOVED -> {
                assertThat(by.leads()).isTrue();
                for (String user : event.getMembersRemoved().getUsersList()) {
                    Member removed = members.remove(user);
                    assertThat(removed).isNotNull();
                    assertThat(removed.role() != Role.OWNER || by.role() == Role.OWNER)
                            .as("an admin removes no owner")
                            .isTrue();
                }
            }
            case MEMBER_LEFT -> members.remove(event.getMemberLeft().getUser());
            case ROLE_CHANGED ->
                members.computeIfPresent(
                        event.getRoleChanged().getUser(),
                        (user, member) -> new Member(event.getRoleChanged().getRole(), member.joined()));
            case RENAMED, DESCRIBED, AVATAR_CHANGED, ANNOUNCEMENT_CHANGED, ADD_RIGHT_CHANGED -> {
                assertThat(by.leads()).isTrue();
                announcement = event.hasAnnouncementChanged()
                        ? event.getAnnouncementChanged().getOn()
                        : announcement;
                addRight =
                        event.hasAddRightChanged() ? event.getAddRightChanged().getRole() : addRight;
            }
            default -> throw new AssertionError("no such event: " + event.getBodyCase());
        }
    }

    private void join(String user, ChatEvent event) {
        members.put(user, new Member(Role.MEMBER, event.getSeq()));
    }

    /** Fails unless the state holds what the events say. */
    void matches(ConversationState state) {
        for (int seq = 1; seq <= state.head().getSeq(); seq++) {
            Message message = messages.get(seq);
            Said said = state.said(seq);
            assertThat(said != null).as("seq " + seq + " is a message").isEqualTo(message != null);
            if (message == null || said == null) {
                continue;
            }
            assertThat(said.sender().value()).isEqualTo(message.sender());
            assertThat(state.edits(seq)).isEqualTo(message.edits());
            Set<String> reactions = new HashSet<>();
            for (String user : ConversationRandomTest.USERS) {
                state.reactions(seq, UserId.parse(user)).forEach(emoji -> reactions.add(user + " " + emoji));
            }
            assertThat(reactions).isEqualTo(message.reactions());
        }
    }
}
