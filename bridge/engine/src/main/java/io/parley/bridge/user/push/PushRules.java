package io.parley.bridge.user.push;

import static io.parley.bridge.user.Connections.isConnected;

import io.parley.bridge.state.Device;
import io.parley.bridge.state.Moved;
import io.parley.bridge.state.ShownRow;
import io.parley.bridge.user.PushLimits;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.admission.Spending;
import io.parley.bridge.user.push.NotificationRules.News;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.log.JoinedConversation;
import io.parley.protocol.log.Notify;
import io.parley.protocol.log.NotifyOver;
import io.parley.protocol.log.PushRequest;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.UserCommand.CommandCase;
import io.parley.protocol.log.Wake;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * When a user with push tokens is notified: of what comes while no connected device of the user gets it. Then each conversation that moved is asked to tell
 * each message. A user without tokens asks for nothing.
 */
public final class PushRules implements UserHandlers.Feature {
    private final Spending spending;
    private final TokenRules tokens;
    private final NotificationRules notifications;

    public PushRules(PushLimits push, Spending spending) {
        this.spending = spending;
        this.tokens = new TokenRules(push);
        this.notifications = new NotificationRules(push);
    }

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.PUSH_REQUEST, this::request)
                .on(CommandCase.NOTIFY, (state, command, now) -> notify(state, command.getNotify(), now))
                .on(CommandCase.NOTIFY_OVER, (state, command, now) -> over(state, command.getNotifyOver(), now))
                .on(CommandCase.TOKEN_STEP, this::step)
                .on(CommandCase.TOKEN_GONE, (state, command, now) -> TokenRules.gone(state, command.getTokenGone()))
                .on(CommandCase.PUSH_DUE, (state, command, now) -> due(state, now));
    }

    /** What a device asks. */
    public UserDecision request(UserState state, UserCommand command, long nowMillis) {
        PushRequest request = command.getPushRequest();
        if (request.hasGetPushSettings()) {
            return PushSettingRules.get(state, command);
        }
        UserChange spent = spending.setting(state, nowMillis);
        if (spent == null) {
            return spending.tooManySettings(command);
        }
        UserDecision decision = switch (request.getRequestCase()) {
            case REGISTER_PUSH -> tokens.register(state, command, request.getRegisterPush(), nowMillis);
            case UNREGISTER_PUSH -> TokenRules.unregister(state, command, request.getUnregisterPush());
            case MUTE -> MuteRules.mute(state, command, request.getMute(), nowMillis);
            case UNMUTE -> MuteRules.unmute(state, command, request.getUnmute().getConversation());
            case SET_PUSH_SETTINGS -> PushSettingRules.set(state, command, request.getSetPushSettings(), nowMillis);
            default -> throw new IllegalArgumentException("unknown request " + request.getRequestCase());
        };
        return decision.and(spent);
    }

    /** A conversation tells each message: here is one. */
    public UserDecision notify(UserState state, Notify notify, long nowMillis) {
        UserDecision decision = UserDecision.none();
        ConversationId conversation = ConversationId.parse(notify.getConversation());
        if (!state.isIn(conversation) || notify.getNotice().getSeq() < state.joined(conversation)) {
            return decision;
        }
        if (!state.push().hasTokens()) {
            return decision.and(
                    MuteRules.tell(conversation, MuteRules.each(state, null).setStop(true)));
        }
        if (notify.getStalled()) {
            mention(decision, state, conversation);
        } else if (isServed(state, conversation)) {
            return decision;
        }
        notifications.show(
                decision,
                state,
                new News(
                        conversation,
                        notify.getNotice(),
                        notify.hasUnread() ? OptionalInt.of(notify.getUnread()) : OptionalInt.empty()),
                nowMillis);
        return decision;
    }

    /** A conversation that tells each message because a device stalled does not know yet how it is muted. */
    private static void mention(UserDecision decision, UserState state, ConversationId conversation) {
        if (state.push().mute(conversation) != null) {
            decision.and(MuteRules.tell(
                    conversation,
                    MuteRules.each(state, state.push().mute(conversation)).setUpdate(true)));
        }
    }

    public UserDecision due(UserState state, long nowMillis) {
        UserDecision decision = UserDecision.none();
        tokens.due(decision, state, nowMillis);
        notifications.due(decision, state, nowMillis);
        BadgeRules.due(decision, state, nowMillis);
        return decision;
    }

    public UserDecision over(UserState state, NotifyOver over, long nowMillis) {
        UserDecision decision = UserDecision.none();
        notifications.over(decision, state, over, nowMillis);
        return decision;
    }

    public UserDecision step(UserState state, UserCommand command, long nowMillis) {
        return tokens.step(state, command, nowMillis);
    }

    /** Adds to a decision what it means for notifications. */
    public UserDecision follow(UserState state, UserCommand command, UserDecision decision, long nowMillis) {
        switch (command.getCommandCase()) {
            case COUNTED ->
                counted(
                        decision,
                        state,
                        ConversationId.parse(command.getCounted().getConversation()),
                        command.getCounted().getUnread(),
                        nowMillis);
            case WAKE -> woken(decision, state, command.getWake(), nowMillis);
            case JOINED_CONVERSATION -> joined(decision, state, command.getJoinedConversation(), nowMillis);
            case LEFT_CONVERSATION ->
                notifications.left(
                        decision,
                        state,
                        ConversationId.parse(command.getLeftConversation().getConversation()),
                        nowMillis);
            case REMOVE_DEVICE -> removed(decision, state);
            case ERASE_USER -> erased(decision, state, nowMillis);
            case DEVICE_CONNECTED ->
                tokens.seen(decision, state, command.getOrigin().getDevice(), nowMillis);
            case TOKEN_STEP -> firstToken(decision, state);
            default -> {}
        }
        departed(decision, state);
        BadgeRules.told(decision, state);
        FetchRules.follow(decision, state, command, nowMillis);
        return decision;
    }

    private static void counted(
            UserDecision decision, UserState state, ConversationId conversation, int unread, long nowMillis) {
        BadgeRules.counted(decision, state, conversation, state.push().shown(conversation), unread, nowMillis);
    }

    private void woken(UserDecision decision, UserState state, Wake wake, long nowMillis) {
        ConversationId conversation = ConversationId.parse(wake.getConversation());
        boolean news = state.isIn(conversation) && !wake.getSignal() && !wake.getRemoved();
        if (state.isIn(conversation) && wake.hasUnread()) {
            counted(decision, state, conversation, wake.getUnread(), nowMillis);
        }
        if (!news || !state.push().hasTokens() || isServed(state, conversation)) {
            return;
        }
        ask(decision, state, conversation, wake.hasNotice() ? wake.getSeq() : wake.getSince());
        if (wake.hasNotice()) {
            notifications.show(
                    decision,
                    state,
                    new News(
                            conversation,
                            wake.getNotice(),
                            wake.hasUnread() ? OptionalInt.of(wake.getUnread()) : OptionalInt.empty()),
                    nowMillis);
        }
    }

    private void joined(UserDecision decision, UserState state, JoinedConversation joined, long nowMillis) {
        ConversationId conversation = ConversationId.parse(joined.getConversation());
        boolean came = decision.changes().stream().anyMatch(UserChange.Joined.class::isInstance);
        if (!came || !state.push().hasTokens() || isServed(state, conversation)) {
            return;
        }
        ask(decision, state, conversation, joined.getSeq());
        if (joined.hasNotice()) {
            notifications.show(
                    decision, state, new News(conversation, joined.getNotice(), OptionalInt.of(1)), nowMillis);
        }
    }

    private static void removed(UserDecision decision, UserState state) {
        for (UserChange change : List.copyOf(decision.changes())) {
            if (change instanceof UserChange.SessionEnded ended) {
                TokenRules.deviceRemoved(decision, state, ended.name());
            }
        }
    }

    private void erased(UserDecision decision, UserState state, long nowMillis) {
        if (decision.changes().stream().anyMatch(UserChange.Erased.class::isInstance)) {
            notifications.erased(decision, state, nowMillis);
            TokenRules.releaseAll(decision, state);
        }
    }

    /** From now on there is somewhere to notify: conversations that moved before do not tell of themselves. */
    private static void firstToken(UserDecision decision, UserState state) {
        boolean first = !state.push().hasTokens()
                && decision.changes().stream().anyMatch(UserChange.TokenSet.class::isInstance);
        if (first) {
            state.moved().forEach((conversation, moved) -> {
                if (!isServed(state, conversation)) {
                    ask(decision, state, conversation, moved.getTold());
                }
            });
        }
    }

    /** Devices that got messages are gone. What they lack, and what comes, is told by the conversations that moved for them. */
    private static void departed(UserDecision decision, UserState state) {
        if (decision.changes().stream()
                .noneMatch(change ->
                        change instanceof UserChange.DeviceSeen || change instanceof UserChange.SessionEnded)) {
            return;
        }
        Map<String, Device> before = state.devices();
        Map<String, Device> after = new HashMap<>(before);
        Map<String, Device> gone = new HashMap<>();
        for (UserChange change : decision.changes()) {
            String name = "";
            if (change instanceof UserChange.DeviceSeen seen) {
                name = seen.name();
                after.put(name, seen.device());
            } else if (change instanceof UserChange.SessionEnded ended) {
                name = ended.name();
                after.remove(name);
            }
            Device device = before.get(name);
            if (device != null && isConnected(device)) {
                gone.put(name, device);
            }
        }
        gone.entrySet().removeIf(entry -> {
            Device now = after.get(entry.getKey());
            return now != null
                    && isConnected(now)
                    && now.getSession() == entry.getValue().getSession();
        });
        if (gone.isEmpty() || !state.push().hasTokens()) {
            return;
        }
        state.moved().forEach((conversation, moved) -> {
            if (lacks(state, gone, conversation, moved) && !isServed(state, after, conversation)) {
                ShownRow shown = state.push().shown(conversation);
                ask(decision, state, conversation, shown == null ? 0 : shown.getSeq());
            }
        });
    }

    private static boolean lacks(UserState state, Map<String, Device> gone, ConversationId conversation, Moved moved) {
        return gone.entrySet().stream()
                .anyMatch(entry -> !Sessions.isSettled(moved, entry.getValue())
                        && gets(state, entry.getKey(), entry.getValue(), conversation));
    }

    private static boolean isServed(UserState state, ConversationId conversation) {
        return isServed(state, state.devices(), conversation);
    }

    /** Whether a connected device gets what comes there. */
    private static boolean isServed(UserState state, Map<String, Device> devices, ConversationId conversation) {
        return devices.entrySet().stream()
                .anyMatch(entry ->
                        isConnected(entry.getValue()) && gets(state, entry.getKey(), entry.getValue(), conversation));
    }

    private static boolean gets(UserState state, String name, Device device, ConversationId conversation) {
        return state.filters(name, device.getSession()).in(conversation).contains(Feed.MSG);
    }

    private static void ask(UserDecision decision, UserState state, ConversationId conversation, int told) {
        decision.and(MuteRules.tell(
                conversation,
                MuteRules.each(state, state.push().mute(conversation)).setTold(told)));
    }
}
