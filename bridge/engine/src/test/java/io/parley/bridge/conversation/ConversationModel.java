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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A conversation told by its events alone, which knows for each whether its sender had the right to it. */
final class ConversationModel {
    private static final long EDIT_SECONDS = 24 * 3600;
    private static final long DELETE_SECONDS = 48 * 3600;

    private record Message(
            String sender, long atSeconds, List<Integer> edits, Set<String> reactions, Set<String> mentions) {}

    private record Member(Role role, int joined) {
        boolean leads() {
            return role == Role.OWNER || role == Role.ADMIN;
        }
    }

    private final boolean direct;
    private final Map<String, Member> members = new HashMap<>();
    private final Map<Integer, Message> messages = new HashMap<>();
    private final Map<Integer, Set<String>> seenBy = new HashMap<>();
    private final Map<Integer, List<String>> removed = new HashMap<>();
    private final Set<Integer> pins = new LinkedHashSet<>();
    private final Set<String> blockers = new HashSet<>();
    /** Messages of which the conversation forgot who sent them. */
    private final Set<Integer> forgotten = new HashSet<>();

    private Role addRight = Role.ADMIN;
    private boolean announcement;
    private boolean declining;

    ConversationModel(ConversationId id) {
        direct = id.isDirect();
        if (direct) {
            members.put(id.first().value(), new Member(Role.MEMBER, 1));
            members.put(id.second().value(), new Member(Role.MEMBER, 1));
        }
    }

    /** One of the two blocks the other, or does no more. */
    void block(String by, boolean blocked) {
        if (blocked) {
            blockers.add(by);
        } else {
            blockers.remove(by);
        }
    }

    /** Whether what comes now removes who declined: in the name of who added them, whatever their roles. */
    void declining(boolean now) {
        declining = now;
    }

    /** Pins of messages up to there are dropped, which are older than that time. */
    void pinsExpired(int through, long sinceSeconds) {
        pins.removeIf(seq -> {
            Message message = messages.get(seq);
            boolean expired = seq <= through;
            assertThat(expired && message != null && message.atSeconds() > sinceSeconds)
                    .as("pin of " + seq + " is dropped too early")
                    .isFalse();
            return expired;
        });
    }

    /** The pinned messages that a member sees, in the order of pinning. */
    List<Integer> pinned(String user, int purged, long sinceSeconds) {
        Member member = members.get(user);
        return pins.stream()
                .filter(seq -> member != null && seq >= member.joined() && seq > purged)
                .filter(seq -> messages.containsKey(seq) && messages.get(seq).atSeconds() > sinceSeconds)
                .toList();
    }

    /** Whether the user is a member now. */
    boolean isMember(String user) {
        return members.containsKey(user);
    }

    /** Whether one of the two blocks the other. */
    boolean isBlocked() {
        return !blockers.isEmpty();
    }

    /** The seq of the event with which the user was removed last; 0: none. */
    int lastRemoval(String user) {
        return removed.entrySet().stream()
                .filter(one -> one.getValue().contains(user))
                .mapToInt(Map.Entry::getKey)
                .max()
                .orElse(0);
    }

    /** Whether the user was a member at that seq, which may be the one that made or ended it. */
    boolean sees(String user, int seq) {
        return seenBy.getOrDefault(seq, Set.of()).contains(user);
    }

    /** Who is told to be removed with that seq, ascending. */
    List<String> removedWith(int seq) {
        return removed.getOrDefault(seq, List.of());
    }

    /** Takes the next event, and fails if it should not be. */
    void take(ChatEvent event) {
        Set<String> before = new TreeSet<>(members.keySet());
        accept(event);
        Set<String> all = new HashSet<>(before);
        all.addAll(members.keySet());
        seenBy.put(event.getSeq(), all);
        before.removeAll(members.keySet());
        if (direct && event.hasUserErased() && members.containsKey(event.getFrom())) {
            // The other may write on, and so it stays a conversation of the two.
            before.add(event.getFrom());
        }
        removed.put(event.getSeq(), List.copyOf(before));
        if (!direct && members.isEmpty()) {
            messages.clear();
        }
    }

    private void accept(ChatEvent event) {
        assertThat(blockers.isEmpty() || event.hasUserErased())
                .as("nothing is said while one blocks the other")
                .isTrue();
        String from = event.getFrom();
        Member by = members.getOrDefault(from, new Member(Role.ROLE_UNSPECIFIED, Integer.MAX_VALUE));
        if (!event.getId().isEmpty()) {
            assertThat(members).as("only members publish").containsKey(from);
        }
        switch (event.getBodyCase()) {
            case TEXT -> {
                assertThat(!announcement || by.leads()).as("may write").isTrue();
                assertThat(event.getReplyTo()).isLessThan(event.getSeq());
                messages.put(
                        event.getSeq(),
                        new Message(
                                from,
                                event.getAt().getSeconds(),
                                new ArrayList<>(),
                                new HashSet<>(),
                                new HashSet<>(event.getMentionsList())));
            }
            case EDITED -> {
                Message message = target(event.getEdited().getSeq(), by);
                assertThat(message.sender()).isEqualTo(from);
                assertThat(event.getAt().getSeconds() - message.atSeconds()).isLessThanOrEqualTo(EDIT_SECONDS);
                assertThat(!announcement || by.leads()).as("may write").isTrue();
                message.edits().add(event.getSeq());
            }
            case DELETED -> {
                Message message = target(event.getDeleted().getSeq(), by);
                assertThat(message.sender().equals(from) || by.leads()).isTrue();
                assertThat(event.getAt().getSeconds() - message.atSeconds()).isLessThanOrEqualTo(DELETE_SECONDS);
                assertThat(event.getDeleted().getEditsList()).isEqualTo(message.edits());
                messages.remove(event.getDeleted().getSeq());
            }
            case REACTED -> react(event.getReacted(), from, by);
            case MESSAGE_PINNED -> {
                assertThat(direct || by.leads()).as("may pin").isTrue();
                target(event.getMessagePinned().getSeq(), by);
                assertThat(pins.add(event.getMessagePinned().getSeq()))
                        .as("was not pinned")
                        .isTrue();
            }
            case MESSAGE_UNPINNED -> {
                assertThat(direct || by.leads()).as("may unpin").isTrue();
                assertThat(pins.remove(event.getMessageUnpinned().getSeq()))
                        .as("was pinned")
                        .isTrue();
            }
            case RETENTION_CHANGED, READ_RECEIPTS_CHANGED ->
                assertThat(direct || by.leads()).isTrue();
            case USER_ERASED -> erase(event.getUserErased().getUser());
            default -> group(event, by);
        }
    }

    private void erase(String user) {
        if (!direct) {
            members.remove(user);
        }
        blockers.remove(user);
        messages.values().removeIf(message -> message.sender().equals(user));
        // Of two, the user may still see the messages of the other, but that they mention the user is forgotten.
        messages.values().forEach(message -> message.mentions().remove(user));
        messages.values().forEach(message -> message.reactions().removeIf(one -> one.startsWith(user + " ")));
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
        if (target == null || forgotten.contains(seq)) {
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
                assertThat(by.leads() || declining).isTrue();
                for (String user : event.getMembersRemoved().getUsersList()) {
                    Member removed = members.remove(user);
                    assertThat(removed).isNotNull();
                    assertThat(removed.role() != Role.OWNER || by.role() == Role.OWNER || declining)
                            .as("an admin removes no owner")
                            .isTrue();
                }
            }
            case MEMBER_LEFT -> members.remove(event.getMemberLeft().getUser());
            case ROLE_CHANGED -> {
                boolean ownerless = members.values().stream().noneMatch(member -> member.role() == Role.OWNER);
                assertThat(by.role() == Role.OWNER || ownerless)
                        .as("an owner sets roles, or the group lost its last")
                        .isTrue();
                assertThat(members).containsKey(event.getRoleChanged().getUser());
                members.computeIfPresent(
                        event.getRoleChanged().getUser(),
                        (user, member) -> new Member(event.getRoleChanged().getRole(), member.joined()));
            }
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
        matchesMembers(state);
        for (int seq = 1; seq <= state.head().getSeq(); seq++) {
            Message message = seq <= state.head().getPurged() || forgotten.contains(seq) ? null : messages.get(seq);
            Said said = state.said(seq);
            assertThat(said != null).as("seq " + seq + " is a message").isEqualTo(message != null);
            if (message == null || said == null) {
                continue;
            }
            assertThat(said.sender().value()).isEqualTo(message.sender());
            assertThat(said.atSeconds()).isEqualTo(message.atSeconds());
            assertThat(state.edits(seq)).isEqualTo(message.edits());
            Set<String> reactions = new HashSet<>();
            for (String user : RandomCommands.USERS) {
                state.reactions(seq, UserId.parse(user)).forEach(emoji -> reactions.add(user + " " + emoji));
            }
            assertThat(reactions).isEqualTo(message.reactions());
        }
    }

    /**
     * Rows were dropped. Fails if a message was forgotten that somebody may need.
     *
     * @param sinceSeconds messages up to this time have expired
     * @param dormant whether nothing was said for long
     */
    void swept(ConversationState state, long sinceSeconds, boolean dormant) {
        messages.forEach((seq, message) -> {
            if (seq > state.head().getPurged() && state.said(seq) == null && forgotten.add(seq)) {
                boolean expired = message.atSeconds() <= sinceSeconds;
                boolean read = members.entrySet().stream()
                        .allMatch(member -> seq < member.getValue().joined()
                                || seq
                                        <= state.pointers(UserId.parse(member.getKey()))
                                                .getRead());
                assertThat(expired || (dormant && read))
                        .as("message " + seq + " is needed")
                        .isTrue();
            }
        });
    }

    /** What a member has not read, of what is later than that time. */
    Unread unread(String user, int read, int purged, long sinceSeconds) {
        Member member = members.get(user);
        List<Message> unread = messages.entrySet().stream()
                .filter(entry -> member != null && entry.getKey() >= member.joined())
                .filter(entry -> entry.getKey() > Math.max(read, purged))
                .map(Map.Entry::getValue)
                .filter(message -> !message.sender().equals(user) && message.atSeconds() > sinceSeconds)
                .toList();
        long mentions = unread.stream()
                .filter(message -> message.mentions().contains(user))
                .count();
        return new Unread(unread.size(), (int) mentions);
    }

    private void matchesMembers(ConversationState state) {
        assertThat(state.members()).extracting(UserId::value).containsExactlyInAnyOrderElementsOf(members.keySet());
        if (!direct) {
            assertThat(state.head().getMemberCount()).isEqualTo(members.size());
        }
        members.forEach((user, member) -> assertThat(state.member(UserId.parse(user)))
                .isEqualTo(io.parley.bridge.state.Member.newBuilder()
                        .setRole(member.role())
                        .setJoined(member.joined())
                        .build()));
    }
}
