package io.parley.bridge.user.presence;

import com.google.protobuf.util.Timestamps;
import io.parley.bridge.Effect;
import io.parley.bridge.Replies;
import io.parley.bridge.state.Visibility;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.inbox.InboxRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.PresenceChanged;
import io.parley.protocol.log.PrivacyChanged;
import io.parley.protocol.log.TellPrivacy;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;
import io.parley.protocol.log.WatchPresence;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.SetPrivacy;
import java.util.List;

/**
 * Whether a user is online: from the first device's coming until a while after the last one's going, so that a reconnect shows nothing.
 * Those of the user's conversations are told in which somebody wants to know it.
 */
public final class PresenceRules implements UserHandlers.Feature {
    /** The most conversations that one decision tells what the user shows. */
    static final int SLICE = 200;

    private final long graceMillis;

    public PresenceRules(long graceMillis) {
        this.graceMillis = graceMillis;
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.GRACE_OVER, (state, command, now) -> graceOver(state, now))
                .on(CommandCase.WATCH_PRESENCE, (state, command, now) -> watch(state, command.getWatchPresence()))
                .on(CommandCase.TELL_PRIVACY, (state, command, now) -> tellPrivacy(state, command.getTellPrivacy()));
    }

    /** A device is there. */
    public UserDecision here(UserDecision decision, UserState state, long nowMillis) {
        Visibility before = state.visibility();
        if (before.getOnline() && before.getDueMillis() == 0) {
            return decision;
        }
        Visibility now = before.toBuilder()
                .setOnline(true)
                .setLastSeenMillis(nowMillis)
                .clearDueMillis()
                .build();
        decision.and(new UserChange.VisibilityChanged(now));
        return before.getOnline() ? decision : tell(decision, state, now);
    }

    /**
     * Devices went.
     *
     * @param last none is left
     * @param interrupted of one of them not all was heard
     */
    public UserDecision leaving(
            UserDecision decision, UserState state, boolean last, boolean interrupted, long nowMillis) {
        Visibility before = state.visibility();
        Visibility.Builder now = before.toBuilder().setUnsettled(before.getUnsettled() || interrupted);
        if (last) {
            now.setLastSeenMillis(nowMillis).setDueMillis(nowMillis + graceMillis);
        }
        return now.build().equals(before) ? decision : decision.and(new UserChange.VisibilityChanged(now.build()));
    }

    /** No device came back in time. */
    public UserDecision graceOver(UserState state, long nowMillis) {
        Visibility before = state.visibility();
        if (before.getDueMillis() == 0 || before.getDueMillis() > nowMillis) {
            return UserDecision.none();
        }
        Visibility now = before.toBuilder()
                .clearOnline()
                .clearDueMillis()
                .clearUnsettled()
                .build();
        UserDecision decision = UserDecision.none().and(new UserChange.VisibilityChanged(now));
        if (before.getUnsettled()) {
            InboxRules.askForWakes(decision, state);
        }
        return tell(decision, state, now);
    }

    /** The user came into a conversation, which knows nothing of them yet. */
    public UserDecision introduce(UserDecision decision, UserState state, ConversationId conversation) {
        Visibility now = state.visibility();
        decision.and(new UserChange.WatchSet(conversation, true))
                .and(new Effect.TellConversation(conversation, presence(state, now)));
        if (now.getWithoutReads()) {
            decision.and(new Effect.TellConversation(conversation, privacy(state, now)));
        }
        return decision;
    }

    /** A conversation begins or ceases to want to know. */
    public UserDecision watch(UserState state, WatchPresence watch) {
        UserDecision decision = UserDecision.none();
        ConversationId conversation = ConversationId.parse(watch.getConversation());
        if (!state.isIn(conversation)) {
            return decision;
        }
        decision.and(new UserChange.WatchSet(conversation, watch.getOn()));
        return watch.getOn()
                ? decision.and(new Effect.TellConversation(conversation, presence(state, state.visibility())))
                : decision;
    }

    public UserDecision privacy(UserState state, UserCommand command) {
        SetPrivacy wish = command.getSetPrivacy();
        Visibility before = state.visibility();
        Visibility.Builder now = before.toBuilder();
        if (wish.hasPresence()) {
            now.setWithoutPresence(!wish.getPresence());
        }
        if (wish.hasReadReceipts()) {
            now.setWithoutReads(!wish.getReadReceipts());
        }
        UserDecision decision = UserDecision.none();
        if (!now.build().equals(before)) {
            decision.and(new UserChange.VisibilityChanged(now.build()));
        }
        if (now.getWithoutPresence() != before.getWithoutPresence()) {
            slice(decision, state, now.build(), TellPrivacy.newBuilder().setPresence(true));
        }
        if (now.getWithoutReads() != before.getWithoutReads()) {
            slice(decision, state, now.build(), TellPrivacy.newBuilder().setReads(true));
        }
        return decision.and(Replies.ok(command.getOrigin(), command.getRequestId()));
    }

    /** Goes on with conversations that an earlier decision did not reach, and tells what holds now. */
    public UserDecision tellPrivacy(UserState state, TellPrivacy tell) {
        UserDecision decision = UserDecision.none();
        slice(decision, state, state.visibility(), tell.toBuilder());
        return decision;
    }

    /** Tells some, and asks the user to go on with the next ones: other users' commands come in between. */
    private static void slice(UserDecision decision, UserState state, Visibility now, TellPrivacy.Builder tell) {
        List<ConversationId> next =
                tell.getReads() ? state.conversations(tell.getAfter(), SLICE) : state.watching(tell.getAfter(), SLICE);
        ConversationCommand told = tell.getReads() ? privacy(state, now) : presence(state, now);
        next.forEach(conversation -> decision.and(new Effect.TellConversation(conversation, told)));
        if (next.size() == SLICE) {
            tell.setAfter(next.get(SLICE - 1).value());
            decision.and(new Effect.TellUser(
                    state.id(), UserCommand.newBuilder().setTellPrivacy(tell).build()));
        }
    }

    private static UserDecision tell(UserDecision decision, UserState state, Visibility now) {
        ConversationCommand presence = presence(state, now);
        state.watching().forEach(conversation -> decision.and(new Effect.TellConversation(conversation, presence)));
        return decision;
    }

    /** Who hides it is as one who was never there. */
    private static ConversationCommand presence(UserState state, Visibility now) {
        Presence.Builder presence = Presence.newBuilder().setUser(state.id().value());
        if (!now.getWithoutPresence()) {
            presence.setOnline(now.getOnline());
            if (!now.getOnline() && now.getLastSeenMillis() != 0) {
                presence.setLastSeen(Timestamps.fromMillis(now.getLastSeenMillis()));
            }
        }
        return ConversationCommand.newBuilder()
                .setPresenceChanged(PresenceChanged.newBuilder().setPresence(presence))
                .build();
    }

    private static ConversationCommand privacy(UserState state, Visibility now) {
        return ConversationCommand.newBuilder()
                .setPrivacyChanged(
                        PrivacyChanged.newBuilder().setUser(state.id().value()).setWithoutReads(now.getWithoutReads()))
                .build();
    }
}
