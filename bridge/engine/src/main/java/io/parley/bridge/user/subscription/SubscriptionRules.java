package io.parley.bridge.user.subscription;

import static io.parley.bridge.user.Connections.isSame;

import io.parley.bridge.state.Device;
import io.parley.bridge.user.Connections;
import io.parley.bridge.user.SessionFilters;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserHandlers;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.attach.Attaching;
import io.parley.bridge.user.inbox.InboxRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.SubscribeFilter;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.Subscribe;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.Unsubscribe;
import io.parley.protocol.log.UserCommand.CommandCase;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a session subscribes to. Only its connection can say so; what an earlier one said late changes nothing. */
public final class SubscriptionRules implements UserHandlers.Feature {
    /** The most filters of a session. A node takes fewer, and refuses the others, as it refuses those that are too long. */
    static final int MAX_FILTERS = 2_100;

    @Override
    public void register(UserHandlers handlers) {
        handlers.on(
                        CommandCase.SUBSCRIBE,
                        (state, command, now) -> subscribe(state, command.getOrigin(), command.getSubscribe()))
                .on(
                        CommandCase.UNSUBSCRIBE,
                        (state, command, now) -> unsubscribe(state, command.getOrigin(), command.getUnsubscribe()));
    }

    public UserDecision subscribe(UserState state, Origin origin, Subscribe subscribe) {
        UserDecision decision = UserDecision.none();
        String name = origin.getDevice();
        Device device = current(state, origin);
        if (device == null) {
            return decision;
        }
        SessionFilters filters = state.filters(name, device.getSession());
        Set<Feed> before = filters.everywhere();
        Set<Feed> everywhere = EnumSet.noneOf(Feed.class);
        everywhere.addAll(before);
        Set<String> added = new HashSet<>();
        int room = MAX_FILTERS - filters.count();
        for (Subscription subscription : subscribe.getSubscriptionsList()) {
            String filter = subscription.getFilter();
            boolean known = added.contains(filter) || filters.has(filter);
            if (SubscribeFilter.isTooLong(filter) || (!known && added.size() >= room)) {
                continue;
            }
            if (!known) {
                added.add(filter);
            }
            decision.and(new UserChange.Subscribed(name, device.getSession(), subscription));
            SubscribeFilter parsed = SubscribeFilter.parse(filter, state.id());
            if (parsed instanceof SubscribeFilter.Mine mine) {
                everywhere.addAll(mine.feeds());
            } else if (!known && parsed instanceof SubscribeFilter.One one && state.isIn(one.conversation())) {
                takeUp(decision, state, device, one);
            }
        }
        if (subscribe.getAttachBegun()) {
            attachBegun(decision, state, name, device, everywhere, subscribe);
        }
        if (subscribe.getAttachAll()) {
            attachAll(decision, state, name, device, before, everywhere, subscribe.getCleanStart());
        }
        return decision;
    }

    private static void takeUp(UserDecision decision, UserState state, Device device, SubscribeFilter.One one) {
        ConversationId conversation = one.conversation();
        if (one.feeds().contains(Feed.MSG)) {
            // The node attached it, at a cursor that may be behind.
            InboxRules.takeUp(decision, state, state.devices().values(), device, List.of(conversation));
        }
        if (one.feeds().stream().anyMatch(InboxRules.SIGNALS::contains)) {
            // This connection hears them. The session's next one is not attached while the conversation is quiet.
            decision.and(InboxRules.wakeBySignals(state, conversation));
        }
    }

    /** What was said of these conversations, when they began, was said before the filters that name them stood here. */
    private static void attachBegun(
            UserDecision decision,
            UserState state,
            String name,
            Device device,
            Set<Feed> everywhere,
            Subscribe subscribe) {
        Map<ConversationId, Set<Feed>> wanted = new TreeMap<>(Comparator.comparing(ConversationId::value));
        for (Subscription subscription : subscribe.getSubscriptionsList()) {
            if (SubscribeFilter.parse(subscription.getFilter(), state.id()) instanceof SubscribeFilter.One one
                    && one.conversation().isDirect()
                    && state.isIn(one.conversation())) {
                wanted.computeIfAbsent(one.conversation(), conversation -> {
                            Set<Feed> feeds = EnumSet.noneOf(Feed.class);
                            feeds.addAll(everywhere);
                            feeds.addAll(
                                    state.filters(name, device.getSession()).in(conversation));
                            return feeds;
                        })
                        .addAll(one.feeds());
            }
        }
        wanted.forEach((conversation, feeds) -> decision.and(Connections.attach(
                conversation,
                Connections.origin(state.id(), name, device),
                Attaching.wish(feeds, device).build())));
    }

    /**
     * For a session that wants messages for the first time everywhere. One that outlives its connection gets its place in each conversation, once; one
     * that does not, in those that moved, and in the others when they do.
     */
    private static void attachAll(
            UserDecision decision,
            UserState state,
            String name,
            Device device,
            Set<Feed> before,
            Set<Feed> everywhere,
            boolean cleanStart) {
        boolean messages = everywhere.contains(Feed.MSG) && !before.contains(Feed.MSG);
        Collection<ConversationId> conversations = List.of();
        if (messages && !Sessions.isTransient(device)) {
            conversations = state.conversations();
            InboxRules.takeUp(decision, state, state.devices().values(), device, conversations);
        } else if (!before.containsAll(everywhere)) {
            conversations = state.moved().entrySet().stream()
                    .filter(moved -> !Sessions.isSettled(moved.getValue(), device))
                    .map(Map.Entry::getKey)
                    .toList();
        }
        Attaching.these(
                decision,
                state,
                name,
                device,
                conversations,
                Attaching.wish(everywhere, device).setCleanStart(cleanStart));
        if (cleanStart) {
            Attaching.tellThese(decision, state, device, conversations);
        }
    }

    public UserDecision unsubscribe(UserState state, Origin origin, Unsubscribe unsubscribe) {
        UserDecision decision = UserDecision.none();
        Device device = current(state, origin);
        if (device == null) {
            return decision;
        }
        SessionFilters filters = state.filters(origin.getDevice(), device.getSession());
        for (String filter : new LinkedHashSet<>(unsubscribe.getFiltersList())) {
            if (filters.has(filter)) {
                decision.and(new UserChange.Unsubscribed(origin.getDevice(), device.getSession(), filter));
            }
        }
        return decision;
    }

    private static @Nullable Device current(UserState state, Origin origin) {
        Device device = state.devices().get(origin.getDevice());
        return device == null || !isSame(device, origin) ? null : device;
    }
}
