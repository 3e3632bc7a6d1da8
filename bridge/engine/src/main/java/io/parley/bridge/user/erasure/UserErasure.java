package io.parley.bridge.user.erasure;

import io.parley.bridge.Effect;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.blocking.Blocking;
import io.parley.bridge.user.device.DeviceRequests;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.EraseMember;
import io.parley.protocol.log.EraseUser;
import io.parley.protocol.log.UserCommand.CommandCase;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The user is nobody any more: connections and sessions end, and each conversation is told. */
public final class UserErasure implements UserHandlers.Feature {
    private final DeviceRequests devices;

    public UserErasure(DeviceRequests devices) {
        this.devices = devices;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.ERASE_USER, (state, command, now) -> erase(state, command.getEraseUser()));
    }

    public UserDecision erase(UserState state, EraseUser command) {
        ConversationCommand erase = ConversationCommand.newBuilder()
                .setEraseMember(EraseMember.newBuilder().setUser(state.id().value()))
                .build();
        UserDecision decision = UserDecision.none();
        if (command.getMore()) {
            // Those that the user is in are erased with the last part: each conversation is told once.
            command.getConversationsList().stream()
                    .map(ConversationId::parse)
                    .filter(conversation -> !state.isIn(conversation))
                    .forEach(conversation -> decision.and(new Effect.TellConversation(conversation, erase)));
            return decision;
        }
        state.devices().forEach((name, device) -> devices.end(decision, state, name, device));
        decision.and(new UserChange.Erased());
        Set<ConversationId> conversations = new LinkedHashSet<>(state.conversations());
        command.getConversationsList().forEach(id -> conversations.add(ConversationId.parse(id)));
        conversations.forEach(conversation -> decision.and(new Effect.TellConversation(conversation, erase)));
        // Where nothing was said yet, nothing is erased, and the block would outlast who set it.
        for (String other : state.blocked().getUsersList()) {
            decision.and(new Effect.TellConversation(
                    ConversationId.direct(state.id(), UserId.parse(other)),
                    Blocking.changed(state, false, List.of(other))));
        }
        return decision;
    }
}
