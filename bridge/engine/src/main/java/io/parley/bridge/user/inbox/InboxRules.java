package io.parley.bridge.user.inbox;

import static io.parley.bridge.user.Connections.expect;
import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Connections.isSame;

import io.parley.bridge.Effect;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.Moved;
import io.parley.bridge.state.UnreadCount;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.attach.Attaching;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.log.AskForWake;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Counted;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.Settled;
import io.parley.protocol.log.SettledConversation;
import io.parley.protocol.log.UserCommand.CommandCase;
import io.parley.protocol.log.Wake;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which conversations moved since the user's sessions had everything of them: only those are attached when a device connects. A conversation that has
 * not moved wakes the user with its next event, and devices that are there are attached then.
 *
 * <p>A session lacks nothing of a conversation without a row, nor of one whose row names it as settled. Every other session is attached to it if it is
 * connected, or will be when it connects.
 *
 * <p>What the user has not read is known of each conversation that has not moved or was only taken up, but for what expired since it was told.
 */
public final class InboxRules implements UserHandlers.Feature {
    /** What wakes once. */
    public static final Set<Feed> SIGNALS = Set.of(Feed.RECEIPT, Feed.TYPING);

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(CommandCase.WAKE, (state, command, now) -> wake(state, command.getWake(), now))
                .on(CommandCase.COUNTED, (state, command, now) -> counted(state, command.getCounted()))
                .on(
                        CommandCase.SETTLED,
                        (state, command, now) -> settled(state, command.getOrigin(), command.getSettled()));
    }

    /** Something came that devices may not have. */
    public UserDecision wake(UserState state, Wake wake, long nowMillis) {
        UserDecision decision = UserDecision.none();
        ConversationId conversation = ConversationId.parse(wake.getConversation());
        if (!state.isIn(conversation)) {
            return decision;
        }
        Moved before = state.moved(conversation);
        int told = before == null ? wake.getSeq() : Math.max(before.getTold(), wake.getSeq());
        decision.and(new UserChange.ConversationMoved(
                conversation,
                Moved.newBuilder().setTold(told).setSignalled(wake.getSignal()).build()));
        if (wake.hasUnread()) {
            count(decision, state, conversation, wake.getUnread(), wake.getMentions());
        }
        for (Map.Entry<String, Device> entry : state.devices().entrySet()) {
            String name = entry.getKey();
            Device device = entry.getValue();
            if (isConnected(device) && !device.hasNewcomer()) {
                if (before == null || Sessions.isSettled(before, device)) {
                    Attaching.woken(decision, state, name, device, conversation, wake);
                }
            } else if (wake.getUntilDelivered() && counts(state, name, device, conversation, nowMillis)) {
                decision.and(expect(conversation, state.id(), name, device));
            }
        }
        return decision;
    }

    /** What is unread changed without an event, or while the conversation had moved. */
    public static UserDecision counted(UserState state, Counted counted) {
        UserDecision decision = UserDecision.none();
        ConversationId conversation = ConversationId.parse(counted.getConversation());
        if (state.isIn(conversation)) {
            count(decision, state, conversation, counted.getUnread(), counted.getMentions());
        }
        return decision;
    }

    public static void count(
            UserDecision decision, UserState state, ConversationId conversation, int unread, int mentions) {
        UnreadCount now =
                UnreadCount.newBuilder().setUnread(unread).setMentions(mentions).build();
        if (!now.equals(state.unread(conversation))) {
            decision.and(new UserChange.UnreadCounted(conversation, now));
        }
    }

    /** Whether messages are kept for a device that is away. */
    private static boolean counts(
            UserState state, String name, Device device, ConversationId conversation, long nowMillis) {
        return !Sessions.isTransient(device)
                && !Sessions.isOver(device, nowMillis)
                && state.filters(name, device.getSession()).in(conversation).contains(Feed.MSG);
    }

    /** A device has everything of some conversations, and is not attached to them any more. */
    public UserDecision settled(UserState state, Origin origin, Settled settled) {
        UserDecision decision = UserDecision.none();
        String name = origin.getDevice();
        Device device = state.devices().get(name);
        if (device == null || !isSame(device, origin)) {
            return decision;
        }
        for (SettledConversation one : settled.getConversationsList()) {
            ConversationId conversation = ConversationId.parse(one.getConversation());
            Moved moved = state.moved(conversation);
            if (moved == null) {
                continue;
            }
            if (one.getSeq() < moved.getTold()) {
                // What it was told of came when the device had gone on.
                Attaching.again(decision, state, name, device, conversation, one.getSeq());
            } else {
                settle(decision, state.devices().values(), conversation, moved, device);
                Set<Feed> feeds = state.filters(name, device.getSession()).in(conversation);
                if (moved.getSignalled() && feeds.stream().anyMatch(SIGNALS::contains)) {
                    decision.and(wakeBySignals(state, conversation));
                }
            }
        }
        return decision;
    }

    /** Receipts, and members who type, are to wake the user as events do. */
    public static Effect wakeBySignals(UserState state, ConversationId conversation) {
        return new Effect.TellConversation(
                conversation,
                ConversationCommand.newBuilder()
                        .setAskForWake(AskForWake.newBuilder()
                                .setUser(state.id().value())
                                .setSignals(true))
                        .build());
    }

    private static void settle(
            UserDecision decision,
            Collection<Device> devices,
            ConversationId conversation,
            Moved moved,
            Device device) {
        Set<Long> settled = new TreeSet<>(moved.getSettledList());
        settled.add(device.getSession());
        List<Long> rest = devices.stream()
                .map(Device::getSession)
                .filter(settled::contains)
                .toList();
        if (rest.size() == devices.size()) {
            decision.and(new UserChange.ConversationSettled(conversation));
        } else {
            decision.and(new UserChange.ConversationMoved(
                    conversation,
                    moved.toBuilder().clearSettled().addAllSettled(rest).build()));
        }
    }

    /**
     * A session takes up conversations in which it may lack something; the others know nothing new.
     *
     * @param devices all of the user's
     */
    public static void takeUp(
            UserDecision decision,
            UserState state,
            Collection<Device> devices,
            Device device,
            Collection<ConversationId> conversations) {
        long session = device.getSession();
        List<Long> others = devices.stream()
                .map(Device::getSession)
                .filter(other -> other != session)
                .toList();
        for (ConversationId conversation : conversations) {
            Moved before = state.moved(conversation);
            if (before == null) {
                decision.and(new UserChange.ConversationMoved(
                        conversation,
                        Moved.newBuilder()
                                .addAllSettled(others)
                                .setCounted(true)
                                .build()));
            } else if (Sessions.isSettled(before, device)) {
                List<Long> rest = before.getSettledList().stream()
                        .filter(other -> other != session)
                        .toList();
                decision.and(new UserChange.ConversationMoved(
                        conversation,
                        before.toBuilder().clearSettled().addAllSettled(rest).build()));
            }
        }
    }

    /** No device is connected any more, and not each has said what it has: each conversation tells what comes from now on. */
    public static void askForWakes(UserDecision decision, UserState state) {
        state.moved()
                .forEach((conversation, moved) -> decision.and(new Effect.TellConversation(
                        conversation,
                        ConversationCommand.newBuilder()
                                .setAskForWake(AskForWake.newBuilder()
                                        .setUser(state.id().value())
                                        .setTold(moved.getTold()))
                                .build())));
    }
}
