package io.parley.bridge.user.membership;

import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Connections.tell;

import io.parley.bridge.state.Device;
import io.parley.bridge.state.Moved;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.admission.AdmissionRules;
import io.parley.bridge.user.attach.Attaching;
import io.parley.bridge.user.blocking.Blocking;
import io.parley.bridge.user.invitation.InvitationRules;
import io.parley.bridge.user.presence.PresenceRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.DrainedConversation;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;
import io.parley.protocol.wire.Added;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Removed;
import io.parley.protocol.wire.Reply;
import java.util.Map;

/** The conversations that the user comes into, and leaves. What a conversation says is so; only of a group that others add the user to, the user's machine may decline. */
public final class MembershipRules implements UserHandlers.Feature {
    private final AdmissionRules admission;
    private final InvitationRules invitations;
    private final PresenceRules presence;

    /**
     * @param admission which conversations the user gets
     * @param invitations where those are kept that need the user's consent
     * @param presence who is told that the user is there
     */
    public MembershipRules(AdmissionRules admission, InvitationRules invitations, PresenceRules presence) {
        this.admission = admission;
        this.invitations = invitations;
        this.presence = presence;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.JOINED_CONVERSATION, this::joined)
                .on(CommandCase.LEFT_CONVERSATION, (state, command, now) -> left(state, command))
                .on(
                        CommandCase.DRAINED_CONVERSATION,
                        (state, command, now) -> drained(command.getDrainedConversation()));
    }

    private UserDecision joined(UserState state, UserCommand command, long nowMillis) {
        ConversationId conversation =
                ConversationId.parse(command.getJoinedConversation().getConversation());
        ErrorCode refused = admission.refuses(state, conversation, command.getJoinedConversation());
        if (refused != null) {
            UserDecision declined =
                    AdmissionRules.decline(state, conversation, command.getJoinedConversation(), refused);
            return refused == ErrorCode.AWAITS_CONSENT
                    ? invitations.invite(declined, state, conversation, command.getJoinedConversation(), nowMillis)
                    : declined;
        }
        String by = command.getJoinedConversation().getBy();
        UserDecision decision = UserDecision.none();
        if (state.invitations().containsKey(conversation)) {
            decision.and(new UserChange.InvitationEnded(conversation));
        }
        decision.and(new UserChange.Joined(
                        conversation, command.getJoinedConversation().getSeq()))
                .and(new UserChange.ConversationMoved(
                        conversation,
                        Moved.newBuilder()
                                .setTold(command.getJoinedConversation().getSeq())
                                .build()));
        boolean news = !conversation.isDirect() && !by.equals(state.id().value());
        Blocking.introduce(
                decision, state, conversation, command.getJoinedConversation().getSeq());
        for (Map.Entry<String, Device> entry : state.devices().entrySet()) {
            Device device = entry.getValue();
            if (!Sessions.isOver(device, nowMillis)) {
                Attaching.joined(decision, state, entry.getKey(), device, conversation);
            }
            if (news && isConnected(device)) {
                Reply.Builder added = Reply.newBuilder()
                        .setAdded(Added.newBuilder()
                                .setConversation(conversation.value())
                                .setBy(by));
                decision.and(tell(state.id(), entry.getKey(), device, added));
            }
        }
        return presence.introduce(decision, state, conversation);
    }

    private static UserDecision left(UserState state, UserCommand command) {
        ConversationId conversation =
                ConversationId.parse(command.getLeftConversation().getConversation());
        String by = command.getLeftConversation().getBy();
        UserDecision decision = UserDecision.none()
                .and(
                        command.getLeftConversation().getOwed()
                                ? new UserChange.Departed(conversation)
                                : new UserChange.Left(conversation));
        if (!by.equals(state.id().value()) && state.isIn(conversation)) {
            Reply.Builder removed = Reply.newBuilder()
                    .setRemoved(Removed.newBuilder()
                            .setConversation(conversation.value())
                            .setBy(by));
            state.devices().forEach((name, device) -> {
                if (isConnected(device)) {
                    decision.and(tell(state.id(), name, device, removed));
                }
            });
        }
        return decision;
    }

    private static UserDecision drained(DrainedConversation drained) {
        return UserDecision.none().and(new UserChange.Drained(ConversationId.parse(drained.getConversation())));
    }
}
