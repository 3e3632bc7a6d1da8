package io.parley.delivery;

import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.SubscribeFilter;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one connection subscribed to, what of it the engine was asked for and granted, and the node's routes that it holds. On its shard. */
public final class Subscriptions {
    private final DeviceSession session;
    private final UserId user;
    private final Shard shard;
    private final Routes routes;
    private final Outbox outbox;
    private final Questions questions;
    private final boolean cleanStart;
    /** Conversations that the engine said this user may publish to, each counted once in the node's routes. */
    private final Set<ConversationId> rights = new HashSet<>();

    private final Filters filters = new Filters();
    private final Wildcard wildcard;

    Subscriptions(DeviceSession session, DeliveryNode deliveries, Shard shard, Outbox outbox, boolean cleanStart) {
        this.session = session;
        this.user = session.link().device().user();
        this.shard = shard;
        this.routes = deliveries.routes();
        this.outbox = outbox;
        this.questions = new Questions(deliveries.log(), shard, session.origin());
        this.cleanStart = cleanStart;
        this.wildcard = new Wildcard(filters, session::toUser, shard, cleanStart);
    }

    /**
     * Subscribes to one conversation.
     *
     * @param filter the topic filter as the device wrote it, by which it is unsubscribed
     * @param qos 0 or 1
     * @param permission called once on the shard
     */
    public void subscribe(String filter, SubscribeFilter.One meaning, int qos, Consumer<Permission> permission) {
        ConversationId conversation = meaning.conversation();
        if (conversation.isDirect() && !conversation.isDirectMember(user)) {
            permission.accept(Permission.DENIED);
            return;
        }
        if (filters.isFull(filter)) {
            permission.accept(Permission.TOO_MANY);
            return;
        }
        Filters.Wish wish = new Filters.Wish(conversation, meaning.feeds(), qos);
        Filters.Wish before = filters.put(filter, wish);
        adapt(conversation);
        ask(conversation, meaning.feeds(), answer -> {
            if (answer == Permission.DENIED || (answer == Permission.UNKNOWN && before == null)) {
                filters.remove(filter, wish);
                adapt(conversation);
            }
            permission.accept(answer);
        });
    }

    private void ask(ConversationId conversation, Set<Feed> feeds, Consumer<Permission> permission) {
        Attach.Builder attach = Signals.attach(feeds);
        Subscription before = outbox.find(conversation);
        boolean attached = before != null && !before.isEnding();
        if (feeds.contains(Feed.MSG) && !attached) {
            questions.ask(conversation, attach.setCleanStart(cleanStart), permission);
        } else if (feeds.equals(Set.of(Feed.MSG))) {
            permission.accept(Permission.GRANTED);
        } else {
            questions.ask(conversation, attach.setRightsOnly(true), permission);
        }
    }

    /**
     * Subscribes to feeds of all conversations of the user, now and later; {@link #attachMine} is to follow.
     *
     * @param filter the topic filter as the device wrote it, by which it is unsubscribed
     * @param qos 0 or 1
     */
    public void subscribeMine(String filter, SubscribeFilter.Mine meaning, int qos) {
        filters.put(filter, new Filters.Wish(null, meaning.feeds(), qos));
    }

    /**
     * What was subscribed to of all conversations takes effect: it costs a command to every conversation of the user.
     *
     * @param done run once on the shard: at a clean start when each conversation has answered, or after 30 s
     */
    public void attachMine(Runnable done) {
        adaptAll();
        wildcard.attach(done);
    }

    /** The engine may have forgotten what this connection wants of all conversations. */
    void announce() {
        wildcard.announce();
    }

    /** The user machine attaches these conversations for a clean start. */
    void attaching(List<ConversationId> conversations, boolean more) {
        wildcard.starting().attaching(conversations, more);
    }

    /**
     * Ends a subscription; what another one asks for, too, goes on.
     *
     * @return whether there was that very filter
     */
    public boolean unsubscribe(String filter) {
        Set<Feed> before = filters.everywhere();
        Filters.Wish wish = filters.remove(filter);
        if (wish == null) {
            return false;
        }
        ConversationId conversation = wish.conversation();
        if (conversation != null) {
            adapt(conversation);
        } else {
            adaptAll();
            wildcard.attachLess(before);
        }
        return true;
    }

    private void adaptAll() {
        outbox.conversations().forEach(this::adapt);
    }

    /** What is wanted of the conversation may have changed. */
    private void adapt(ConversationId conversation) {
        Subscription subscription = outbox.find(conversation);
        if (subscription != null) {
            subscription.qos = filters.qos(conversation);
            release(subscription.qos < 0 ? outbox.remove(conversation) : null);
        }
    }

    /**
     * Whether the user may publish to a conversation.
     *
     * @param permission called once on the shard, at once when it is known
     */
    public void mayPublish(ConversationId conversation, Consumer<Permission> permission) {
        if (conversation.isDirect()) {
            permission.accept(permission(conversation.isDirectMember(user)));
        } else if (isMember(conversation)) {
            permission.accept(Permission.GRANTED);
        } else {
            questions.ask(conversation, Attach.newBuilder().setRightsOnly(true), permission);
        }
    }

    private static Permission permission(boolean member) {
        return member ? Permission.GRANTED : Permission.DENIED;
    }

    /** The engine's answer. The node's routes have counted it already when it is positive. */
    void attached(ConversationId conversation, Attached answer) {
        List<Consumer<Permission>> waiting = questions.answered(conversation, answer);
        if (answer.getMember()) {
            takeUp(conversation, answer, !waiting.isEmpty());
        } else if (!answer.getRightsOnly() && !outbox.isEnding(conversation)) {
            release(outbox.remove(conversation));
        }
        if (answer.getWildcard() && !answer.getRightsOnly()) {
            wildcard.starting().attached(conversation);
        }
        waiting.forEach(one -> one.accept(permission(answer.getMember())));
    }

    private void takeUp(ConversationId conversation, Attached answer, boolean expected) {
        boolean counted = session.isOpen()
                && (answer.getRightsOnly()
                        ? takeRight(conversation, answer.getWildcard() ? wantsSignals() : expected)
                        : takeMessages(conversation, answer));
        if (counted) {
            shard.listen(conversation, session);
        } else {
            routes.closed(conversation);
        }
    }

    private boolean wantsSignals() {
        return !filters.everywhere().isEmpty();
    }

    private boolean takeRight(ConversationId conversation, boolean wanted) {
        return wanted && rights.add(conversation);
    }

    /** Whether the conversation is subscribed to with this answer: not if it was already, nor if it is wanted no more. */
    private boolean takeMessages(ConversationId conversation, Attached answer) {
        Subscription before = outbox.find(conversation);
        int qos = filters.qos(conversation);
        if (qos >= 0 && (before == null || before.isEnding())) {
            outbox.attached(conversation, answer, qos);
            return before == null;
        }
        return false;
    }

    private void loseRight(ConversationId conversation) {
        if (rights.remove(conversation)) {
            closed(conversation);
        }
    }

    private void closed(ConversationId conversation) {
        routes.closed(conversation);
        if (!rights.contains(conversation) && outbox.find(conversation) == null) {
            shard.ignore(conversation, session);
        }
    }

    /** The connection ended. */
    void endAll() {
        outbox.removeAll().forEach(this::release);
        Set.copyOf(rights).forEach(this::loseRight);
    }

    /** An event has come. */
    void event(ConversationId conversation, SequencedEvent event, List<String> removed) {
        if (removed.contains(user.value())) {
            loseRight(conversation);
            outbox.endAt(conversation, event.seq());
        }
        release(outbox.live(conversation, event));
    }

    /** What a removed user was still to get, and has got, is left. */
    void releaseEnded() {
        outbox.ended().forEach(this::release);
    }

    /** Asks for what was to be told of the conversation, and was missed. */
    void askAgain(ConversationId conversation) {
        questions.tell(conversation, Signals.attach(filters.feeds(conversation)).setRightsOnly(true));
    }

    /** The engine keeps no positions of this device, which is none of the user's. */
    void forget() {
        filters.named().forEach(questions::forget);
    }

    /** Whether what comes on that feed of the conversation is wanted, and for this user. */
    boolean wants(ConversationId conversation, Feed feed) {
        return filters.wants(conversation, feed) && isMember(conversation);
    }

    /** As far as this connection was told. */
    private boolean isMember(ConversationId conversation) {
        Subscription subscription = outbox.find(conversation);
        return rights.contains(conversation) || (subscription != null && !subscription.isEnding());
    }

    private void release(@Nullable Subscription subscription) {
        if (subscription != null) {
            closed(subscription.conversation);
        }
    }
}
