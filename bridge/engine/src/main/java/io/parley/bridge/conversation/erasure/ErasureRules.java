package io.parley.bridge.conversation.erasure;

import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.attach.DeviceRules;
import io.parley.bridge.conversation.membership.MembershipRules;
import io.parley.bridge.conversation.sequence.Sequencer;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.log.EraseMember;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.UserErased;
import java.util.List;
import java.util.Set;

/** Everything of a user goes from a conversation, by an event that tells history and devices so. */
public final class ErasureRules implements ConversationHandlers.Feature {
    private final Sequencer sequencer;
    private final MembershipRules membership;

    public ErasureRules(Sequencer sequencer, MembershipRules membership) {
        this.sequencer = sequencer;
        this.membership = membership;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        handlers.on(CommandCase.ERASE_MEMBER, (state, command, now) -> erase(state, command.getEraseMember(), now));
    }

    public Decision erase(ConversationState state, EraseMember command, long nowMillis) {
        Decision decision = Decision.none();
        if (state.head().getSeq() == 0) {
            return decision;
        }
        UserId user = UserId.parse(command.getUser());
        boolean member = state.member(user) != null;
        ChatEvent.Builder event =
                ChatEvent.newBuilder().setUserErased(UserErased.newBuilder().setUser(user.value()));
        sequencer.sequence(decision, state, user, event, nowMillis, member ? List.of(user.value()) : List.of());
        if (member && !state.id().isDirect()) {
            membership.handOver(decision, state, user, Set.of(user.value()), nowMillis);
        }
        if (!member && !state.positions(user).isEmpty()) {
            decision.and(DeviceRules.drained(state.id(), user));
        }
        if (state.presence(user) != null
                && state.id().isDirect()
                && !state.routes().isEmpty()) {
            // The other sees nobody there any more. In a group the event says that there is no such member.
            decision.and(Change.UntoldSet.with(state, List.of(), List.of(user)));
        }
        return decision;
    }
}
