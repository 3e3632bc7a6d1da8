package io.parley.bridge.user.session;

import io.parley.bridge.Effect;
import io.parley.bridge.user.EndedSession;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SubscribeFilter;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.ForgetDevice;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.UserCommand.CommandCase;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Has conversations forget the cursors of sessions that ended, a slice at a time: first those that filters name, then the user's, also those
 * that the user left.
 */
public final class EndingRules implements UserHandlers.Feature {
    /** The most rows that a slice reads, and so the most conversations that it tells. */
    static final int SLICE = 200;

    private final DepartureRules departures;

    /** @param departures ends the sessions whose time is over */
    public EndingRules(DepartureRules departures) {
        this.departures = departures;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(
                CommandCase.SESSIONS_OVER, (state, command, now) -> slice(departures.timeIsOver(state, now), state));
    }

    public UserDecision slice(UserDecision decision, UserState state) {
        int room = SLICE;
        for (EndedSession ended : state.ended()) {
            if (room <= 0) {
                return decision;
            }
            room -= slice(decision, state, ended, room);
        }
        return decision;
    }

    private static int slice(UserDecision decision, UserState state, EndedSession ended, int room) {
        List<Subscription> filters =
                state.filters(ended.device(), ended.session()).first(room);
        named(state, filters).forEach(conversation -> decision.and(forget(state, conversation, ended)));
        filters.forEach(filter ->
                decision.and(new UserChange.Unsubscribed(ended.device(), ended.session(), filter.getFilter())));
        int rest = room - filters.size();
        if (rest == 0) {
            return room;
        }
        List<ConversationId> next = state.withCursors(ended.told(), rest);
        next.forEach(conversation -> decision.and(forget(state, conversation, ended)));
        if (next.size() < rest) {
            decision.and(new UserChange.SessionForgotten(ended));
        } else {
            String told = next.get(next.size() - 1).value();
            decision.and(new UserChange.SessionTold(new EndedSession(ended.device(), ended.session(), told)));
        }
        return filters.size() + 1 + next.size();
    }

    /** Those of the user are told later. */
    private static Set<ConversationId> named(UserState state, List<Subscription> filters) {
        Set<ConversationId> named = new LinkedHashSet<>();
        for (Subscription filter : filters) {
            if (SubscribeFilter.parse(filter.getFilter(), state.id()) instanceof SubscribeFilter.One one
                    && !state.isIn(one.conversation())) {
                named.add(one.conversation());
            }
        }
        return named;
    }

    private static Effect forget(UserState state, ConversationId conversation, EndedSession ended) {
        return new Effect.TellConversation(
                conversation,
                ConversationCommand.newBuilder()
                        .setForgetDevice(ForgetDevice.newBuilder()
                                .setUser(state.id().value())
                                .setDevice(ended.device())
                                .setSession(ended.session()))
                        .build());
    }
}
