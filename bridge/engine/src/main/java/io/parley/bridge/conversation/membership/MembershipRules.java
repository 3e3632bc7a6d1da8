package io.parley.bridge.conversation.membership;

import static io.parley.bridge.Replies.refusal;

import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.attach.DeviceRules;
import io.parley.bridge.conversation.blocking.BlockRules;
import io.parley.bridge.conversation.sequence.Sequencer;
import io.parley.bridge.state.Member;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.LeftConversation;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.TellJoined;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.GroupCreated;
import io.parley.protocol.wire.MemberLeft;
import io.parley.protocol.wire.MembersAdded;
import io.parley.protocol.wire.MembersRemoved;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Role;
import io.parley.protocol.wire.RoleChanged;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Groups: create, add, remove, leave, roles. Owners and admins change a group; everybody may leave, and maybe add. */
public final class MembershipRules implements ConversationHandlers.Feature {
    private static final Set<CommandCase> BY_MEMBERS = Set.of(
            CommandCase.CREATE_GROUP,
            CommandCase.ADD_MEMBERS,
            CommandCase.REMOVE_MEMBERS,
            CommandCase.LEAVE,
            CommandCase.SET_ROLE);

    /** The most who are told by one decision that they are members: each answers, and everybody else's commands wait behind that. */
    static final int SLICE = 64;

    private final Sequencer sequencer;
    private final int mostMembers;

    /** @param mostMembers the most members of a group */
    public MembershipRules(Sequencer sequencer, int mostMembers) {
        this.sequencer = sequencer;
        this.mostMembers = mostMembers;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        for (CommandCase kind : BY_MEMBERS) {
            handlers.on(kind, this::decide);
        }
        handlers.on(CommandCase.TELL_JOINED, (state, command, now) -> tellJoined(state, command.getTellJoined()))
                .on(CommandCase.ADD_INVITED, this::addInvited);
    }

    public Decision decide(ConversationState state, ConversationCommand command, long nowMillis) {
        Origin origin = command.getOrigin();
        UserId by = UserId.parse(origin.getUser());
        Error.Builder refused = refuse(state, command, by);
        if (refused != null) {
            return Decision.of(Replies.error(origin, command.getRequestId(), refused));
        }
        return switch (command.getCommandCase()) {
            case CREATE_GROUP -> create(state, command, by, nowMillis);
            case ADD_MEMBERS -> add(state, command, by, nowMillis);
            case REMOVE_MEMBERS ->
                remove(state, command, by, command.getRemoveMembers().getUsersList(), nowMillis);
            case LEAVE -> remove(state, command, by, List.of(by.value()), nowMillis);
            case SET_ROLE -> setRole(state, command, by, nowMillis);
            default -> throw new IllegalArgumentException("unknown command " + command.getCommandCase());
        };
    }

    private static Error.@Nullable Builder refuse(ConversationState state, ConversationCommand command, UserId by) {
        if (command.hasCreateGroup()) {
            return null;
        }
        if (state.id().isDirect()) {
            return refusal(ErrorCode.NOT_ALLOWED, "a conversation of two has no members to change");
        }
        Member member = state.member(by);
        if (member == null) {
            return refusal(ErrorCode.NOT_A_MEMBER, "you are not a member of " + state.id());
        }
        return switch (command.getCommandCase()) {
            case LEAVE -> null;
            case ADD_MEMBERS ->
                member.getRoleValue() < addRight(state).getNumber()
                        ? refusal(ErrorCode.NOT_ALLOWED, "you may not add members here")
                        : null;
            case REMOVE_MEMBERS -> refuseRemoval(state, member, command);
            default -> member.getRole() == Role.MEMBER ? notLeading() : null;
        };
    }

    /** The least role that may add members. */
    public static Role addRight(ConversationState state) {
        Role set = state.head().getAddRight();
        return set == Role.ROLE_UNSPECIFIED ? Role.ADMIN : set;
    }

    private static Error.@Nullable Builder refuseRemoval(
            ConversationState state, Member member, ConversationCommand command) {
        if (member.getRole() == Role.MEMBER) {
            return notLeading();
        }
        if (member.getRole() != Role.OWNER) {
            for (String user : command.getRemoveMembers().getUsersList()) {
                Member other = state.member(UserId.parse(user));
                if (other != null && other.getRole() == Role.OWNER) {
                    return refusal(ErrorCode.NOT_ALLOWED, "only an owner removes an owner");
                }
            }
        }
        return null;
    }

    private static Error.Builder notLeading() {
        return refusal(ErrorCode.NOT_ALLOWED, "only an owner or admin of the group may do this");
    }

    private Decision create(ConversationState state, ConversationCommand command, UserId by, long nowMillis) {
        if (state.head().getSeq() > 0) {
            // Only the user machine names new groups: the same request came again. It answers what is true now.
            return state.member(by) == null
                    ? refused(
                            command,
                            refusal(
                                    ErrorCode.NOT_A_MEMBER,
                                    "this request created " + state.id()
                                            + ", and you are not a member of it any more: use a new requestId"))
                    : Decision.of(created(state, command));
        }
        TreeSet<String> members = new TreeSet<>(command.getCreateGroup().getMembersList());
        members.add(by.value());
        if (members.size() > mostMembers) {
            return tooMany(command);
        }
        Decision decision = event(
                state,
                by,
                ChatEvent.newBuilder()
                        .setGroupCreated(GroupCreated.newBuilder()
                                .setName(command.getCreateGroup().getName())
                                .addAllMembers(members)),
                nowMillis);
        decision.and(created(state, command)).and(joined(state.id(), by, by, 1));
        members.remove(by.value());
        tellJoined(decision, state.id(), members, by, 1);
        return decision;
    }

    private static Effect created(ConversationState state, ConversationCommand command) {
        return Replies.to(
                command.getOrigin(),
                Reply.newBuilder()
                        .setRequestId(command.getRequestId())
                        .setConversation(state.id().value()));
    }

    private Decision add(ConversationState state, ConversationCommand command, UserId by, long nowMillis) {
        TreeSet<String> added = new TreeSet<>(command.getAddMembers().getUsersList());
        added.removeIf(user -> state.member(UserId.parse(user)) != null);
        if (added.isEmpty()) {
            return done(command, Decision.none());
        }
        if (state.head().getMemberCount() + added.size() > mostMembers) {
            return tooMany(command);
        }
        return done(command, added(state, by, added, false, nowMillis));
    }

    /** Tells some, and asks the conversation to go on with the next ones: other conversations' commands come in between. */
    private static void tellJoined(
            Decision decision, ConversationId conversation, Collection<String> ascending, UserId by, int seq) {
        List<String> told = ascending.stream().limit(SLICE).toList();
        told.forEach(user -> decision.and(joined(conversation, UserId.parse(user), by, seq)));
        if (told.size() < ascending.size()) {
            goOn(decision, conversation, told.get(told.size() - 1), by, seq);
        }
    }

    private static void goOn(Decision decision, ConversationId conversation, String after, UserId by, int seq) {
        decision.and(new Effect.TellConversation(
                conversation,
                ConversationCommand.newBuilder()
                        .setTellJoined(TellJoined.newBuilder()
                                .setAfter(after)
                                .setBy(by.value())
                                .setSeq(seq))
                        .build()));
    }

    /** Goes on with those who are still members, and came with that event. Who added them knows it. */
    public Decision tellJoined(ConversationState state, TellJoined tell) {
        Decision decision = Decision.none();
        UserId by = UserId.parse(tell.getBy());
        List<UserId> next = state.members(tell.getAfter(), SLICE);
        for (UserId user : next) {
            Member member = state.member(user);
            if (member != null && member.getJoined() == tell.getSeq() && !user.equals(by)) {
                decision.and(joined(state.id(), user, by, tell.getSeq()));
            }
        }
        if (next.size() == SLICE) {
            goOn(decision, state.id(), next.get(SLICE - 1).value(), by, tell.getSeq());
        }
        return decision;
    }

    private Decision added(ConversationState state, UserId by, Set<String> added, boolean accepted, long nowMillis) {
        Decision decision = event(
                state,
                by,
                ChatEvent.newBuilder().setMembersAdded(MembersAdded.newBuilder().addAllUsers(added)),
                nowMillis);
        int seq = state.head().getSeq() + 1;
        if (accepted) {
            added.forEach(user -> decision.and(joined(state.id(), UserId.parse(user), by, seq, true)));
        } else {
            tellJoined(decision, state.id(), added, by, seq);
        }
        BlockRules.askAbout(decision, state, added);
        return decision;
    }

    /** The origin's user accepted to be added by somebody. */
    public Decision addInvited(ConversationState state, ConversationCommand command, long nowMillis) {
        UserId user = UserId.parse(command.getOrigin().getUser());
        UserId by = UserId.parse(command.getAddInvited().getBy());
        Member member = state.member(user);
        if (member != null) {
            // Who is not removed yet stays.
            return done(
                    command,
                    state.hasDeclined(user)
                            ? Decision.none()
                                    .and(new Change.DeclinedSettled(user))
                                    .and(joined(state.id(), user, by, member.getJoined(), true))
                            : Decision.none());
        }
        Member inviter = state.member(by);
        if (inviter == null || inviter.getRoleValue() < addRight(state).getNumber()) {
            return refused(
                    command, refusal(ErrorCode.NOT_ALLOWED, by + ", who invited you, may not add members any more"));
        }
        return state.head().getMemberCount() >= mostMembers
                ? tooMany(command)
                : done(command, added(state, by, Set.of(user.value()), true, nowMillis));
    }

    private Decision remove(
            ConversationState state, ConversationCommand command, UserId by, List<String> users, long nowMillis) {
        TreeSet<String> removed = new TreeSet<>(users);
        removed.removeIf(user -> state.member(UserId.parse(user)) == null);
        if (removed.isEmpty()) {
            return done(command, Decision.none());
        }
        boolean leaves = command.getCommandCase() == ConversationCommand.CommandCase.LEAVE;
        ChatEvent.Builder event = leaves
                ? ChatEvent.newBuilder().setMemberLeft(MemberLeft.newBuilder().setUser(by.value()))
                : ChatEvent.newBuilder()
                        .setMembersRemoved(MembersRemoved.newBuilder().addAllUsers(removed));
        Decision decision = sequencer.sequence(Decision.none(), state, by, event, nowMillis, List.copyOf(removed));
        handOver(decision, state, by, removed, nowMillis);
        int seq = state.head().getSeq() + 1;
        removed.forEach(user -> decision.and(left(state, UserId.parse(user), by, seq)));
        return done(command, decision);
    }

    /** A group never stays without an owner: an admin, else the member who joined first, takes over. */
    public void handOver(Decision decision, ConversationState state, UserId by, Set<String> removed, long nowMillis) {
        if (!removed.contains(by.value()) && isOwner(state, by)) {
            return;
        }
        UserId heir = null;
        int best = Integer.MAX_VALUE;
        for (UserId user : state.members()) {
            Member member = state.member(user);
            if (member == null || removed.contains(user.value())) {
                continue;
            }
            if (member.getRole() == Role.OWNER) {
                return;
            }
            int rank = (member.getRole() == Role.ADMIN ? 0 : 1 << 30) + Math.min(member.getJoined(), (1 << 30) - 1);
            if (rank < best) {
                best = rank;
                heir = user;
            }
        }
        if (heir != null) {
            RoleChanged change = RoleChanged.newBuilder()
                    .setUser(heir.value())
                    .setRole(Role.OWNER)
                    .build();
            sequencer.sequence(
                    decision, state, by, ChatEvent.newBuilder().setRoleChanged(change), nowMillis, List.of());
        }
    }

    private Decision setRole(ConversationState state, ConversationCommand command, UserId by, long nowMillis) {
        UserId user = UserId.parse(command.getSetRole().getUser());
        Role role = command.getSetRole().getRole();
        Error.Builder error = refuseRole(state, by, user, role);
        if (error != null) {
            return refused(command, error);
        }
        Member member = state.member(user);
        if (member != null && member.getRole() == role) {
            return done(command, Decision.none());
        }
        RoleChanged change =
                RoleChanged.newBuilder().setUser(user.value()).setRole(role).build();
        return done(command, event(state, by, ChatEvent.newBuilder().setRoleChanged(change), nowMillis));
    }

    private static Error.@Nullable Builder refuseRole(ConversationState state, UserId by, UserId user, Role role) {
        Member own = state.member(by);
        Member member = state.member(user);
        if (role != Role.MEMBER && role != Role.ADMIN && role != Role.OWNER) {
            return refusal(ErrorCode.BAD_REQUEST, "role must be OWNER, ADMIN or MEMBER");
        }
        if (member == null) {
            return refusal(ErrorCode.NOT_FOUND, user + " is not a member");
        }
        if (own == null || own.getRole() != Role.OWNER) {
            return refusal(ErrorCode.NOT_ALLOWED, "only an owner sets roles");
        }
        boolean last = member.getRole() == Role.OWNER
                && role != Role.OWNER
                && state.members().stream().noneMatch(other -> !other.equals(user) && isOwner(state, other));
        return last ? refusal(ErrorCode.CONFLICT, "this is the last owner: make another one first") : null;
    }

    private static boolean isOwner(ConversationState state, UserId user) {
        Member member = state.member(user);
        return member != null && member.getRole() == Role.OWNER;
    }

    private Decision event(ConversationState state, UserId by, ChatEvent.Builder event, long nowMillis) {
        return sequencer.sequence(Decision.none(), state, by, event, nowMillis, List.of());
    }

    private static Decision done(ConversationCommand command, Decision decision) {
        return decision.and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    private static Decision refused(ConversationCommand command, Error.Builder error) {
        return Decision.of(Replies.error(command.getOrigin(), command.getRequestId(), error));
    }

    private Decision tooMany(ConversationCommand command) {
        return refused(
                command,
                refusal(ErrorCode.TOO_LARGE, "a group has at most " + mostMembers + " members: remove some first"));
    }

    private static Effect joined(ConversationId conversation, UserId user, UserId by, int seq) {
        return joined(conversation, user, by, seq, false);
    }

    private static Effect joined(ConversationId conversation, UserId user, UserId by, int seq, boolean accepted) {
        return new Effect.TellUser(
                user,
                UserCommand.newBuilder()
                        .setJoinedConversation(JoinedConversation.newBuilder()
                                .setConversation(conversation.value())
                                .setBy(by.value())
                                .setSeq(seq)
                                .setAccepted(accepted))
                        .build());
    }

    static Effect left(ConversationState state, UserId user, UserId by, int seq) {
        return new Effect.TellUser(
                user,
                UserCommand.newBuilder()
                        .setLeftConversation(LeftConversation.newBuilder()
                                .setConversation(state.id().value())
                                .setBy(by.value())
                                .setSeq(seq)
                                .setOwed(state.positions(user).stream().anyMatch(DeviceRules::isOwed)))
                        .build());
    }
}
