package io.parley.bridge.conversation.signal;

import io.parley.bridge.Effect;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationHandlers;
import io.parley.bridge.conversation.ConversationState;
import io.parley.bridge.conversation.Decision;
import io.parley.bridge.conversation.blocking.BlockRules;
import io.parley.bridge.conversation.wake.WakeRules;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Route;
import io.parley.bridge.state.Untold;
import io.parley.bridge.state.Users;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Apart;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.ConversationCommand.CommandCase;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.PointersMoved;
import io.parley.protocol.log.PrivacyChanged;
import io.parley.protocol.log.Signal;
import io.parley.protocol.log.TypingNow;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.log.WatchPresence;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Presence;
import io.parley.protocol.wire.Presences;
import io.parley.protocol.wire.Receipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Typing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is told outside of the sequence. Pointers and presence are told at once, and then again when a second is over with everything that
 * moved within it; typing is told at once and forgotten.
 */
public final class SignalRules implements ConversationHandlers.Feature {
    private final WakeRules wakes;
    private final int presenceMembers;
    private final int presenceBlocks;

    /**
     * Rules under limits of the operator.
     *
     * @param wakes for those whose devices may not be attached
     * @param presenceMembers conversations with more members carry no presence
     * @param presenceBlocks who blocks, or is blocked by, more members of a group is seen there by nobody: what is told does not grow beyond that
     */
    public SignalRules(WakeRules wakes, int presenceMembers, int presenceBlocks) {
        this.wakes = wakes;
        this.presenceMembers = presenceMembers;
        this.presenceBlocks = presenceBlocks;
    }

    @Override
    public void register(ConversationHandlers handlers) {
        handlers.on(
                        CommandCase.TYPING_NOW,
                        (state, command, now) -> typing(state, command.getOrigin(), command.getTypingNow()))
                .before(CommandCase.TYPING_NOW, (state, command, now) -> Decision.none())
                .on(
                        CommandCase.PRESENCE_CHANGED,
                        (state, command, now) ->
                                presence(state, command.getPresenceChanged().getPresence()))
                .on(CommandCase.PRIVACY_CHANGED, (state, command, now) -> privacy(state, command.getPrivacyChanged()))
                .before(CommandCase.PRIVACY_CHANGED, (state, command, now) -> Decision.none())
                .on(CommandCase.TELL_SIGNALS, (state, command, now) -> tell(state));
    }

    /** What a connection that asks for it is told first: everything. Who is there is asked first, if nobody wanted to know it until now. */
    public void snapshot(Decision decision, ConversationState state, Origin origin, Attach attach) {
        Route route = Route.newBuilder()
                .setSlot(origin.getNode().getSlot())
                .setEpoch(origin.getNode().getEpoch())
                .build();
        if (attach.getReceipts()) {
            Signal.Builder receipts = receipts(state, state.members());
            if (receipts.getReceipts().getReceiptsCount() > 0) {
                decision.and(deliver(state, route, receipts.setConnection(origin.getConnection())));
            }
        }
        if (attach.getPresence() && carriesPresence(state)) {
            if (state.isWatched()) {
                presences(state, state.members())
                        .forEach(part ->
                                decision.and(deliver(state, route, part.setConnection(origin.getConnection()))));
            } else {
                watch(decision, state, state.members());
            }
        }
    }

    private static void watch(Decision decision, ConversationState state, List<UserId> members) {
        decision.and(new Change.WatchSet(true));
        members.forEach(user -> decision.and(watch(state, user, true)));
    }

    private static Effect watch(ConversationState state, UserId user, boolean on) {
        return new Effect.TellUser(
                user,
                UserCommand.newBuilder()
                        .setWatchPresence(WatchPresence.newBuilder()
                                .setConversation(state.id().value())
                                .setOn(on))
                        .build());
    }

    /** Adds to a decision that ends a node's route that nobody wants to know who is there, if that was the last who did. */
    public Decision unwatched(Decision decision, ConversationState state, int slot) {
        boolean others = state.routes().stream().anyMatch(route -> route.getSlot() != slot && route.getPresence());
        if (state.isWatched() && !others) {
            decision.and(new Change.WatchSet(false));
            state.members().forEach(user -> decision.and(watch(state, user, false)));
        }
        return decision;
    }

    /** Tells every node with devices here, and storage, what was remembered. */
    public Decision tell(ConversationState state) {
        Untold untold = state.untold();
        Decision decision = Decision.none().and(new Change.UntoldSet(Untold.getDefaultInstance()));
        List<UserId> moved =
                untold.getPointersList().stream().map(UserId::parse).toList();
        if (!moved.isEmpty()) {
            decision.and(new Effect.StorePointers(state.id(), pointers(state, moved)));
        }
        List<UserId> visible = members(state, untold.getPointersList());
        if (!visible.isEmpty()) {
            everywhere(decision, state, receipts(state, visible));
            wakes.signal(decision, state, visible);
        }
        List<UserId> came = members(state, untold.getPresenceList());
        if (!came.isEmpty() && carriesPresence(state)) {
            presences(state, came).forEach(part -> everywhere(decision, state, part));
        }
        return decision;
    }

    public Decision typing(ConversationState state, Origin origin, TypingNow typing) {
        Decision decision = Decision.none();
        UserId user = UserId.parse(origin.getUser());
        if (state.member(user) == null || BlockRules.isBlocked(state)) {
            return decision;
        }
        Set<String> apart =
                BlockRules.apart(state, List.of(user), presenceBlocks).getOrDefault(user, Set.of());
        if (apart.size() <= presenceBlocks) {
            everywhere(
                    decision,
                    state,
                    Signal.newBuilder()
                            .setTyping(Typing.newBuilder()
                                    .setUser(origin.getUser())
                                    .setTyping(typing.getTyping()))
                            .addAllApart(apart.isEmpty() ? List.of() : List.of(apart(user, apart))));
            if (typing.getTyping()) {
                wakes.signal(decision, state, List.of(user));
            }
        }
        return decision;
    }

    public Decision presence(ConversationState state, Presence presence) {
        UserId user = UserId.parse(presence.getUser());
        if (state.member(user) == null) {
            return Decision.none();
        }
        if (!state.isWatched()) {
            return Decision.of(watch(state, user, false));
        }
        // Also where it is not told: the group may become small enough.
        Decision decision = Decision.none().and(new Change.PresenceSeen(presence));
        return state.routes().isEmpty() || !carriesPresence(state)
                ? decision
                : decision.and(Change.UntoldSet.with(state, List.of(), List.of(user)));
    }

    /** Adds to a decision, if it makes a group small enough to carry presence, that everybody's is to be told. */
    public Decision follow(ConversationState state, Decision decision) {
        if (carriesPresence(state)) {
            return decision;
        }
        int gone = decision.changes().stream()
                .filter(Change.Sequenced.class::isInstance)
                .mapToInt(change -> gone(state, ((Change.Sequenced) change).event()))
                .sum();
        boolean small = state.head().getMemberCount() - gone <= presenceMembers;
        boolean wanted = state.routes().stream().anyMatch(Route::getPresence);
        if (small && wanted && state.isWatched()) {
            decision.and(Change.UntoldSet.with(state, List.of(), state.members()));
        } else if (small && wanted) {
            watch(decision, state, state.members());
        }
        return decision;
    }

    /** How many members a group loses by the event. */
    private static int gone(ConversationState state, ChatEvent event) {
        return switch (event.getBodyCase()) {
            case MEMBERS_REMOVED -> event.getMembersRemoved().getUsersCount();
            case MEMBER_LEFT -> 1;
            case USER_ERASED -> state.member(UserId.parse(event.getUserErased().getUser())) == null ? 0 : 1;
            default -> 0;
        };
    }

    public Decision privacy(ConversationState state, PrivacyChanged privacy) {
        if (state.member(UserId.parse(privacy.getUser())) == null) {
            return Decision.none();
        }
        TreeSet<String> users = new TreeSet<>(state.discreet().getUsersList());
        boolean changed = privacy.getWithoutReads() ? users.add(privacy.getUser()) : users.remove(privacy.getUser());
        return changed
                ? Decision.none()
                        .and(new Change.DiscreetSet(
                                Users.newBuilder().addAllUsers(users).build()))
                : Decision.none();
    }

    private boolean carriesPresence(ConversationState state) {
        return state.id().isDirect() || state.head().getMemberCount() <= presenceMembers;
    }

    /** Those of the users who are members. */
    public static List<UserId> members(ConversationState state, List<String> users) {
        return users.stream()
                .map(UserId::parse)
                .filter(user -> state.member(user) != null)
                .toList();
    }

    /** In parts: a group in which many block many has more pairs than a record holds. Who has too many of them is seen by nobody. */
    private List<Signal.Builder> presences(ConversationState state, List<UserId> users) {
        int most = state.id().isDirect() ? 1 : presenceBlocks;
        Map<String, Apart> apart = new HashMap<>();
        Set<UserId> hidden = new HashSet<>();
        BlockRules.apart(state, users, most).forEach((user, from) -> {
            if (from.size() > most) {
                hidden.add(user);
            } else {
                apart.put(user.value(), apart(user, from));
            }
        });
        List<Presence> all = users.stream()
                .map(user -> hidden.contains(user) ? nothing(user) : presenceOf(state, user))
                .toList();
        List<Signal.Builder> parts = new ArrayList<>();
        for (List<Presence> part : RecordLimit.parts(all, presence -> bytes(presence, apart))) {
            Signal.Builder signal =
                    Signal.newBuilder().setPresence(Presences.newBuilder().addAllPresence(part));
            part.stream()
                    .map(presence -> apart.get(presence.getUser()))
                    .filter(Objects::nonNull)
                    .forEach(signal::addApart);
            parts.add(signal);
        }
        return parts;
    }

    private static int bytes(Presence presence, Map<String, Apart> apart) {
        return presence.getSerializedSize()
                + apart.getOrDefault(presence.getUser(), Apart.getDefaultInstance())
                        .getSerializedSize();
    }

    private static Presence presenceOf(ConversationState state, UserId user) {
        Presence presence = state.presence(user);
        return presence == null ? nothing(user) : presence;
    }

    private static Presence nothing(UserId user) {
        return Presence.newBuilder().setUser(user.value()).build();
    }

    private static Apart apart(UserId user, Set<String> from) {
        return Apart.newBuilder().setUser(user.value()).addAllFrom(from).build();
    }

    /** With them the nodes are told who may see how much. */
    private static Signal.Builder receipts(ConversationState state, List<UserId> users) {
        Receipts.Builder receipts = Receipts.newBuilder();
        pointers(state, users).getPointersList().stream()
                .filter(receipt -> receipt.getDelivered() > 0)
                .forEach(receipts::addReceipts);
        List<Apart> apart = new ArrayList<>();
        if (state.id().isDirect()) {
            BlockRules.apart(state, users, 1).forEach((user, from) -> apart.add(apart(user, from)));
        }
        return Signal.newBuilder()
                .setReceipts(receipts)
                .addAllWithoutReads(state.discreet().getUsersList())
                .setReadReceiptsOff(state.head().getReadReceiptsOff())
                .addAllApart(apart);
    }

    private static PointersMoved pointers(ConversationState state, List<UserId> users) {
        PointersMoved.Builder moved = PointersMoved.newBuilder();
        for (UserId user : users) {
            Pointers pointers = state.pointers(user);
            moved.addPointers(Receipt.newBuilder()
                    .setUser(user.value())
                    .setDelivered(pointers.getDelivered())
                    .setRead(pointers.getRead()));
        }
        return moved.build();
    }

    private static void everywhere(Decision decision, ConversationState state, Signal.Builder signal) {
        state.routes().forEach(route -> decision.and(deliver(state, route, signal)));
    }

    private static Effect deliver(ConversationState state, Route route, Signal.Builder signal) {
        return new Effect.Deliver(
                route.getSlot(),
                state.id().value(),
                Delivery.newBuilder()
                        .setEpoch(route.getEpoch())
                        .setSignal(signal)
                        .build());
    }
}
