package io.parley.bridge.user.invitation;

import static io.parley.bridge.Replies.refusal;
import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Connections.tell;

import com.google.protobuf.util.Timestamps;
import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.state.Invitation;
import io.parley.bridge.user.ConsentLimits;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.admission.AdmissionRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.AddInvited;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Invited;
import io.parley.protocol.wire.Reply;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Invitations: a user whom a stranger adds to a group is asked. The user's machine declines the membership and keeps who invited the user; when the user
 * accepts, the group adds them in that one's name, if that one may still add members. An invitation ends when the user is a member, declines, blocks who
 * invited, is erased, or when its time is over.
 */
public final class InvitationRules implements UserHandlers.Feature {
    private final ConsentLimits limits;
    private final AdmissionRules admission;

    public InvitationRules(ConsentLimits limits, AdmissionRules admission) {
        this.limits = limits;
        this.admission = admission;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.ACCEPT_INVITATION, this::accept)
                .on(CommandCase.DECLINE_INVITATION, InvitationRules::decline)
                .on(CommandCase.LIST_INVITATIONS, InvitationRules::list)
                .on(CommandCase.INVITATIONS_OVER, (state, command, now) -> over(state, now));
    }

    /** The user was added, and is asked; not by who is blocked, who is told the same. */
    public UserDecision invite(
            UserDecision decision, UserState state, ConversationId group, JoinedConversation joined, long nowMillis) {
        if (state.blocks(UserId.parse(joined.getBy()))) {
            return decision;
        }
        Invitation invitation = Invitation.newBuilder()
                .setBy(joined.getBy())
                .setUntilMillis(nowMillis + limits.kept().toMillis())
                .build();
        makeRoom(decision, state, group);
        decision.and(new UserChange.InvitationSet(group, invitation));
        Reply.Builder news = Reply.newBuilder().setInvited(shown(group, invitation));
        state.devices().forEach((name, device) -> {
            if (isConnected(device)) {
                decision.and(tell(state.id(), name, device, news));
            }
        });
        return decision;
    }

    /** The oldest go. */
    private void makeRoom(UserDecision decision, UserState state, ConversationId group) {
        Map<ConversationId, Invitation> all = state.invitations();
        all.remove(group);
        all.entrySet().stream()
                .sorted(Comparator.comparingLong(entry -> entry.getValue().getUntilMillis()))
                .limit(Math.max(0, all.size() + 1 - limits.invitations()))
                .forEach(entry -> decision.and(new UserChange.InvitationEnded(entry.getKey())));
    }

    /** The group answers. The invitation stays until the user is a member: what hinders it may be over later. */
    public UserDecision accept(UserState state, UserCommand command, long nowMillis) {
        String name = command.getAcceptInvitation().getConversation();
        Invitation invitation = find(state, name, nowMillis);
        if (invitation == null) {
            return none(command, name);
        }
        if (admission.isFull(state)) {
            return UserDecision.none()
                    .and(Replies.error(
                            command.getOrigin(),
                            command.getRequestId(),
                            refusal(
                                    ErrorCode.NOT_ALLOWED,
                                    "you are in as many conversations as one user may be in: leave one first")));
        }
        return UserDecision.none()
                .and(new Effect.TellConversation(
                        ConversationId.parse(name),
                        ConversationCommand.newBuilder()
                                .setOrigin(command.getOrigin())
                                .setRequestId(command.getRequestId())
                                .setAddInvited(AddInvited.newBuilder().setBy(invitation.getBy()))
                                .build()));
    }

    /** Nobody is told. */
    public static UserDecision decline(UserState state, UserCommand command, long nowMillis) {
        String name = command.getDeclineInvitation().getConversation();
        return find(state, name, nowMillis) == null
                ? none(command, name)
                : UserDecision.none()
                        .and(new UserChange.InvitationEnded(ConversationId.parse(name)))
                        .and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    public static UserDecision list(UserState state, UserCommand command, long nowMillis) {
        Reply.Builder reply = Reply.newBuilder().setRequestId(command.getRequestId());
        state.invitations().forEach((group, invitation) -> {
            if (!isOver(invitation, nowMillis)) {
                reply.addInvitations(shown(group, invitation));
            }
        });
        return UserDecision.none().and(Replies.to(command.getOrigin(), reply));
    }

    /** The time of some is over. Nobody is told. */
    public static UserDecision over(UserState state, long nowMillis) {
        UserDecision decision = UserDecision.none();
        state.invitations().forEach((group, invitation) -> {
            if (isOver(invitation, nowMillis)) {
                decision.and(new UserChange.InvitationEnded(group));
            }
        });
        return decision;
    }

    /** The user blocks somebody: what that one invited to is not offered any more. */
    public static void end(UserDecision decision, UserState state, UserId by) {
        state.invitations().forEach((group, invitation) -> {
            if (invitation.getBy().equals(by.value())) {
                decision.and(new UserChange.InvitationEnded(group));
            }
        });
    }

    private static @Nullable Invitation find(UserState state, String name, long nowMillis) {
        Invitation invitation = state.invitations().get(ConversationId.parse(name));
        return invitation == null || isOver(invitation, nowMillis) ? null : invitation;
    }

    private static boolean isOver(Invitation invitation, long nowMillis) {
        return invitation.getUntilMillis() <= nowMillis;
    }

    private static UserDecision none(UserCommand command, String name) {
        return UserDecision.none()
                .and(Replies.error(
                        command.getOrigin(),
                        command.getRequestId(),
                        refusal(ErrorCode.NOT_FOUND, "you have no invitation to " + name)));
    }

    private static Invited shown(ConversationId group, Invitation invitation) {
        return Invited.newBuilder()
                .setConversation(group.value())
                .setBy(invitation.getBy())
                .setExpiresAt(Timestamps.fromMillis(invitation.getUntilMillis()))
                .build();
    }
}
