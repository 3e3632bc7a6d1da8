package io.parley.bridge.user;

import static io.parley.bridge.user.Connections.attach;
import static io.parley.bridge.user.Connections.deliver;
import static io.parley.bridge.user.Connections.expect;
import static io.parley.bridge.user.Connections.isConnected;
import static io.parley.bridge.user.Connections.origin;

import io.parley.bridge.state.Device;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.AttachingAll;
import io.parley.protocol.log.Delivery;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings a device's connection to the conversations that its session's filters ask for. */
final class Attaching {
    private Attaching() {}

    /**
     * All that the session wants: each conversation once, with the feeds of all filters that match it. Conversations that the user left are
     * among them, for what came before and was not acknowledged.
     */
    static void everything(UserDecision decision, UserState state, String name, Device device) {
        SessionFilters filters = state.filters(name, device.getSession());
        Set<Feed> everywhere = filters.everywhere();
        Map<ConversationId, Set<Feed>> wanted = filters.named();
        wanted.values().forEach(feeds -> feeds.addAll(everywhere));
        if (!everywhere.isEmpty()) {
            state.conversations().forEach(conversation -> wanted.putIfAbsent(conversation, everywhere));
        }
        if (everywhere.contains(Feed.MSG)) {
            state.departed().forEach(conversation -> wanted.putIfAbsent(conversation, everywhere));
        }
        wanted.forEach((conversation, feeds) -> decision.and(attach(
                conversation,
                origin(state.id(), name, device),
                wish(feeds, device).build())));
    }

    /** The user came into a conversation: a connection gets it there and then; a device that is away, from the start when it comes back. */
    static void joined(
            UserDecision decision, UserState state, String name, Device device, ConversationId conversation) {
        Set<Feed> feeds = state.filters(name, device.getSession()).in(conversation);
        // A connection that was told to end takes nothing more.
        if (isConnected(device) && !device.hasNewcomer()) {
            if (!feeds.isEmpty()) {
                decision.and(attach(
                        conversation,
                        origin(state.id(), name, device),
                        wish(feeds, device).build()));
            }
        } else if (feeds.contains(Feed.MSG) && !Sessions.isTransient(device)) {
            decision.and(expect(conversation, state.id(), name, device));
        }
    }

    /** Each conversation of the user. */
    static void all(UserDecision decision, UserState state, String name, Device device, Attach wish) {
        for (ConversationId conversation : state.conversations()) {
            decision.and(attach(conversation, origin(state.id(), name, device), wish));
        }
    }

    /** The node answers the device when all of these have answered: what is sequenced from then on is not skipped. */
    static void tellAll(UserDecision decision, UserState state, Device device) {
        List<String> conversations =
                state.conversations().stream().map(ConversationId::value).toList();
        Iterator<List<String>> parts =
                RecordLimit.parts(conversations, String::length).iterator();
        do {
            AttachingAll.Builder part = AttachingAll.newBuilder()
                    .setConnection(device.getConnection())
                    .addAllConversations(parts.hasNext() ? parts.next() : List.of())
                    .setMore(parts.hasNext());
            decision.and(deliver(state.id(), device, Delivery.newBuilder().setAttachingAll(part)));
        } while (parts.hasNext());
    }

    /** What a conversation is asked for those feeds. */
    static Attach.Builder wish(Set<Feed> feeds, Device device) {
        return Attach.newBuilder()
                .setWildcard(true)
                .setRightsOnly(!feeds.contains(Feed.MSG))
                .setReceipts(feeds.contains(Feed.RECEIPT))
                .setPresence(feeds.contains(Feed.PRESENCE))
                .setTransient(Sessions.isTransient(device));
    }
}
