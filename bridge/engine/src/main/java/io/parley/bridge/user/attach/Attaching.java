package io.parley.bridge.user.attach;

import static io.parley.bridge.user.Connections.deliver;
import static io.parley.bridge.user.Connections.expect;
import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Connections.origin;

import io.parley.bridge.state.Device;
import io.parley.bridge.user.Connections;
import io.parley.bridge.user.SessionFilters;
import io.parley.bridge.user.Sessions;
import io.parley.bridge.user.UserDecision;
import io.parley.bridge.user.UserState;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.AttachingAll;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.EventDelivery;
import io.parley.protocol.log.Wake;
import io.parley.protocol.log.Woken;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Brings a device's connection to the conversations that its session's filters ask for. */
public final class Attaching {
    private Attaching() {}

    /**
     * All that the session wants of the conversations that moved, and those that filters name of which it wants to know who is there. Conversations
     * that the user left are among them, for what came before and was not acknowledged.
     */
    public static void everything(UserDecision decision, UserState state, String name, Device device) {
        SessionFilters filters = state.filters(name, device.getSession());
        Set<Feed> everywhere = filters.everywhere();
        Map<ConversationId, Set<Feed>> named = filters.named();
        Map<ConversationId, Set<Feed>> wanted = new TreeMap<>(Comparator.comparing(ConversationId::value));
        named.forEach((conversation, feeds) -> {
            if (feeds.contains(Feed.PRESENCE)) {
                wanted.put(conversation, feeds);
            }
        });
        state.moved().forEach((conversation, moved) -> {
            if (!Sessions.isSettled(moved, device)) {
                wanted.put(conversation, named.getOrDefault(conversation, EnumSet.noneOf(Feed.class)));
            }
        });
        state.departed().forEach(conversation -> {
            Set<Feed> feeds = named.getOrDefault(conversation, EnumSet.noneOf(Feed.class));
            if (everywhere.contains(Feed.MSG) || feeds.contains(Feed.MSG)) {
                wanted.putIfAbsent(conversation, feeds);
            }
        });
        wanted.forEach((conversation, feeds) -> {
            feeds.addAll(everywhere);
            if (!feeds.isEmpty()) {
                attach(decision, state, name, device, conversation, wish(feeds, device));
            }
        });
    }

    private static void attach(
            UserDecision decision,
            UserState state,
            String name,
            Device device,
            ConversationId conversation,
            Attach.Builder wish) {
        decision.and(Connections.attach(conversation, origin(state.id(), name, device), wish.build()));
    }

    /** The conversation moved: a connection that was not attached is, and gets the event that it lacks without waiting for that. */
    public static void woken(
            UserDecision decision,
            UserState state,
            String name,
            Device device,
            ConversationId conversation,
            Wake wake) {
        Set<Feed> feeds = state.filters(name, device.getSession()).in(conversation);
        if (feeds.isEmpty()) {
            return;
        }
        Attach.Builder wish = wish(feeds, device).setWoken(true).setStartsAfter(wake.getSince());
        if (wake.getRemoved() && Sessions.isTransient(device)) {
            // The conversation remembers nothing of such a session.
            wish.setEndsWith(wake.getSeq());
        }
        if (!wake.getEvent().isEmpty() && feeds.contains(Feed.MSG)) {
            decision.and(deliver(
                    state.id(),
                    device,
                    Delivery.newBuilder()
                            .setWoken(Woken.newBuilder()
                                    .setConnection(device.getConnection())
                                    .setConversation(conversation.value())
                                    .setEvent(EventDelivery.newBuilder()
                                            .setSeq(wake.getSeq())
                                            .setEvent(wake.getEvent())))));
        }
        attach(decision, state, name, device, conversation, wish);
    }

    /** A connection that went on from a conversation lacks something of it. */
    public static void again(
            UserDecision decision, UserState state, String name, Device device, ConversationId conversation, int has) {
        Set<Feed> feeds = state.filters(name, device.getSession()).in(conversation);
        if (!device.hasNewcomer() && !feeds.isEmpty()) {
            attach(
                    decision,
                    state,
                    name,
                    device,
                    conversation,
                    wish(feeds, device).setWoken(true).setStartsAfter(has));
        }
    }

    /** The user came into a conversation: a connection gets it there and then; a device that is away, from the start when it comes back. */
    public static void joined(
            UserDecision decision, UserState state, String name, Device device, ConversationId conversation) {
        Set<Feed> feeds = state.filters(name, device.getSession()).in(conversation);
        // A connection that was told to end takes nothing more.
        if (isConnected(device) && !device.hasNewcomer()) {
            if (!feeds.isEmpty()) {
                attach(decision, state, name, device, conversation, wish(feeds, device));
            }
        } else if (feeds.contains(Feed.MSG) && !Sessions.isTransient(device)) {
            decision.and(expect(conversation, state.id(), name, device));
        }
    }

    /** Some conversations of the user, for a session that begins to want them. */
    public static void these(
            UserDecision decision,
            UserState state,
            String name,
            Device device,
            Collection<ConversationId> conversations,
            Attach.Builder wish) {
        conversations.forEach(conversation -> attach(decision, state, name, device, conversation, wish));
    }

    /** The node answers the device when all of these have answered: what is sequenced from then on is not skipped. */
    public static void tellThese(
            UserDecision decision, UserState state, Device device, Collection<ConversationId> conversations) {
        List<String> names = conversations.stream().map(ConversationId::value).toList();
        Iterator<List<String>> parts = RecordLimit.parts(names, String::length).iterator();
        do {
            AttachingAll.Builder part = AttachingAll.newBuilder()
                    .setConnection(device.getConnection())
                    .addAllConversations(parts.hasNext() ? parts.next() : List.of())
                    .setMore(parts.hasNext());
            decision.and(deliver(state.id(), device, Delivery.newBuilder().setAttachingAll(part)));
        } while (parts.hasNext());
    }

    /** What a conversation is asked for those feeds. */
    public static Attach.Builder wish(Set<Feed> feeds, Device device) {
        return Attach.newBuilder()
                .setWildcard(true)
                .setRightsOnly(!feeds.contains(Feed.MSG))
                .setReceipts(feeds.contains(Feed.RECEIPT))
                .setPresence(feeds.contains(Feed.PRESENCE))
                .setTransient(Sessions.isTransient(device));
    }
}
