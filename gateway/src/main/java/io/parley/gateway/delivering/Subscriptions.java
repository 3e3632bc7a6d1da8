package io.parley.gateway.delivering;

import io.parley.gateway.subscribing.Address;
import io.parley.gateway.subscribing.Filter;
import io.parley.gateway.subscribing.Filters;
import io.parley.gateway.subscribing.Permission;
import io.parley.gateway.subscribing.Right;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.Subscribe;
import io.parley.protocol.log.Unsubscribe;
import io.parley.protocol.log.UserCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one session subscribed to, what of it the engine was asked for and granted, and the node's routes that it holds. On its shard. */
public final class Subscriptions {
    /** How many filters one command carries. */
    private static final int FILTERS_A_COMMAND = 500;

    private final DeviceSession session;
    private final UserId user;
    private final Shard shard;
    private final Routes routes;
    private final Outbox outbox;
    private final Questions questions;
    private final boolean cleanStart;
    /** Conversations that the engine said this user may publish to, each counted once in the node's routes, and when that was of use last. */
    private final Map<ConversationId, Long> rights = new HashMap<>();

    private final Filters filters = new Filters();
    private final Wildcard wildcard;

    Subscriptions(DeviceSession session, DeliveryNode deliveries, Shard shard, Outbox outbox) {
        this.session = session;
        this.user = session.link().device().user();
        this.shard = shard;
        this.routes = deliveries.routes();
        this.outbox = outbox;
        this.questions = new Questions(deliveries.log(), shard, session, deliveries.questionLimits());
        this.cleanStart = session.terms().cleanStart();
        this.wildcard = new Wildcard(filters, shard, cleanStart);
    }

    /** The filters of a session that was there before; the user machine attaches what they ask for. */
    void restore(List<Filter> restored) {
        restored.forEach(filters::put);
    }

    /**
     * Subscribes to filters, and answers when the session in the log has those that are granted.
     *
     * @param wanted filters that a device may ask for; others are denied
     * @param answer called once on the shard, with one permission for each filter
     */
    public void subscribe(List<Filter> wanted, Consumer<List<Permission>> answer) {
        new Subscribing(this, session, filters, wildcard, wanted, answer).start();
    }

    /** The filter of that text, if it stands. */
    public Optional<Filter> standing(String text) {
        return filters.all().stream()
                .filter(filter -> filter.text().equals(text))
                .findFirst();
    }

    /** Whether the engine may be asked now about the conversations that so many filters name; if not, some time later. */
    public boolean mayAsk(int filters) {
        return questions.hasRoom(filters);
    }

    /** Asks the engine for what the feeds need that is not here yet. */
    void ask(ConversationId conversation, Set<Feed> feeds, Consumer<Permission> permission) {
        Attach.Builder attach = Signals.attach(feeds);
        Progress before = outbox.find(conversation);
        boolean attached = before != null && !before.isEnding();
        if (feeds.contains(Feed.MSG) && !attached) {
            questions.ask(conversation, attach.setCleanStart(cleanStart), answer -> permission.accept(told(answer)));
        } else if (feeds.equals(Set.of(Feed.MSG))) {
            permission.accept(Permission.GRANTED);
        } else {
            questions.ask(conversation, attach.setRightsOnly(true), answer -> permission.accept(told(answer)));
        }
    }

    private static Permission told(@Nullable Attached answer) {
        return Right.of(answer).permission();
    }

    /** The engine may have forgotten what this session subscribed to. */
    void announce() {
        List<Filter> all = filters.all();
        for (int from = 0; from < all.size(); from += FILTERS_A_COMMAND) {
            Subscribe.Builder command = Subscribe.newBuilder();
            List<Filter> some = all.subList(from, Math.min(all.size(), from + FILTERS_A_COMMAND));
            some.forEach(filter -> command.addSubscriptions(filter.options()));
            command.setAttachAll(some.stream().anyMatch(Filter::isMine));
            session.toUser(UserCommand.newBuilder().setSubscribe(command), failure -> {});
        }
    }

    /** The user machine attaches these conversations for a clean start. */
    void attaching(List<ConversationId> conversations, boolean more) {
        wildcard.starting().attaching(conversations, more);
    }

    /**
     * Ends filters; what others ask for, too, goes on.
     *
     * @param texts the filters as the device wrote them
     * @param answer called once on the shard when the log has it, with whether there was each of those very filters; with null when the log
     *     does not take it
     */
    public void unsubscribe(List<String> texts, Consumer<@Nullable List<Boolean>> answer) {
        List<Boolean> were = new ArrayList<>();
        for (String text : texts) {
            Filter filter = filters.remove(text);
            were.add(filter != null);
            if (filter == null) {
                continue;
            }
            ConversationId conversation = filter.conversation();
            if (conversation != null) {
                adapt(conversation);
            } else if (filter.isMine()) {
                adaptAll();
                wildcard.less();
            }
        }
        if (!were.contains(true)) {
            answer.accept(were);
            return;
        }
        session.toUser(
                UserCommand.newBuilder().setUnsubscribe(Unsubscribe.newBuilder().addAllFilters(texts)),
                failure -> answer.accept(failure == null ? were : null));
    }

    /** What is wanted of all conversations may have changed. */
    void adaptAll() {
        outbox.conversations().forEach(this::adapt);
    }

    /** What is wanted of the conversation may have changed. */
    void adapt(ConversationId conversation) {
        Progress progress = outbox.find(conversation);
        if (progress != null) {
            progress.qos = filters.qos(conversation);
            release(progress.qos < 0 ? outbox.remove(conversation) : null);
        }
    }

    /**
     * Whether the user may publish to a conversation. One of two begins with a message only when both users' machines agree.
     *
     * @param feed what is to be published
     * @param right called once on the shard, at once when it is known
     */
    public void mayPublish(ConversationId conversation, Feed feed, Consumer<Right> right) {
        boolean direct = conversation.isDirect();
        if (direct && (feed != Feed.MSG || !conversation.isDirectMember(user))) {
            right.accept(Right.of(conversation.isDirectMember(user)));
        } else if (isMember(conversation)) {
            rights.computeIfPresent(conversation, (key, before) -> shard.loop().nanoTime());
            right.accept(Right.of(true));
        } else {
            questions.ask(
                    conversation,
                    Attach.newBuilder().setRightsOnly(true).setToWrite(direct),
                    answer -> right.accept(Right.of(answer)));
        }
    }

    /** The engine's answer. The node's routes have counted it already when it has an ordinal. */
    void attached(ConversationId conversation, Attached answer) {
        List<Consumer<@Nullable Attached>> waiting = questions.answered(conversation, answer);
        if (answer.getOrdinal() > 0) {
            take(conversation, answer, !waiting.isEmpty());
        } else if (!answer.getRightsOnly() && !outbox.isEnding(conversation)) {
            release(outbox.remove(conversation));
        }
        if (answer.getWildcard() && !answer.getRightsOnly()) {
            wildcard.starting().attached(conversation);
        }
        waiting.forEach(one -> one.accept(answer));
    }

    private void take(ConversationId conversation, Attached answer, boolean expected) {
        boolean counted = session.isOpen()
                && (answer.getRightsOnly()
                        ? takeRight(conversation, answer.getWildcard() ? wantsAnything(conversation) : expected)
                        : takeMessages(conversation, answer));
        if (counted) {
            shard.listen(conversation, session);
        } else {
            routes.closed(conversation);
        }
    }

    private boolean wantsAnything(ConversationId conversation) {
        return !filters.feeds(conversation).isEmpty();
    }

    private boolean takeRight(ConversationId conversation, boolean wanted) {
        return wanted && rights.putIfAbsent(conversation, shard.loop().nanoTime()) == null;
    }

    /** Whether the conversation is subscribed to with this answer: not if it was already, nor if it is wanted no more. */
    private boolean takeMessages(ConversationId conversation, Attached answer) {
        Progress before = outbox.find(conversation);
        int qos = filters.qos(conversation);
        if (qos >= 0 && (before == null || before.isEnding())) {
            outbox.attached(conversation, answer, qos);
            return before == null;
        }
        return false;
    }

    private void loseRight(ConversationId conversation) {
        if (rights.remove(conversation) != null) {
            routes.closed(conversation);
            ignore(conversation);
        }
    }

    private void ignore(ConversationId conversation) {
        if (!rights.containsKey(conversation) && outbox.find(conversation) == null) {
            shard.ignore(conversation, session);
        }
    }

    /** The connection ended. */
    void endAll() {
        outbox.removeAll().forEach(this::release);
        Set.copyOf(rights.keySet()).forEach(this::loseRight);
        questions.end();
    }

    /** An event has come. */
    void event(ConversationId conversation, SequencedEvent event, List<String> removed) {
        if (removed.contains(user.value())) {
            loseRight(conversation);
            outbox.endAt(conversation, event.seq());
        }
        release(outbox.live(conversation, event));
    }

    /** The first event of a conversation of which the device has everything before it; the engine attaches it meanwhile. */
    void woken(ConversationId conversation, SequencedEvent event) {
        int qos = filters.qos(conversation);
        if (qos >= 0 && session.isOpen()) {
            outbox.woken(conversation, event, qos);
        }
    }

    /** What a removed user was still to get, and has got, is left. */
    void releaseEnded() {
        outbox.ended().forEach(this::release);
    }

    /** Asks for what was to be told of the conversation, and was missed. */
    void askAgain(ConversationId conversation) {
        questions.tell(conversation, Signals.attach(filters.feeds(conversation)).setRightsOnly(true));
    }

    /** Whether what comes on that feed of the conversation is wanted, and for this user. */
    boolean wants(ConversationId conversation, Feed feed) {
        return filters.wants(conversation, feed) && isMember(conversation);
    }

    /** How something of a conversation's feed is addressed to the device. */
    Address address(ConversationId conversation, Feed feed) {
        return filters.address(conversation, feed);
    }

    /** The QoS of answers to the user's requests, 0 or 1; empty when the device did not subscribe to them. */
    public OptionalInt replies() {
        return filters.replies();
    }

    /** The subscription identifiers of the filters of answers. */
    public List<Integer> replyIdentifiers() {
        return filters.replyIdentifiers();
    }

    /** Whether nothing was said in that conversation of two when the engine was asked: the user machine attaches it when it begins. */
    boolean isUnbegun(@Nullable ConversationId conversation) {
        return conversation != null && conversation.isDirect() && !isMember(conversation);
    }

    /** As far as this connection was told. */
    private boolean isMember(ConversationId conversation) {
        Progress progress = outbox.find(conversation);
        return rights.containsKey(conversation) || (progress != null && !progress.isEnding());
    }

    private void release(@Nullable Progress progress) {
        if (progress != null) {
            routes.closed(progress.conversation);
            ignore(progress.conversation);
        }
    }

    /** Leaves conversations in which nothing happened for long: what comes there wakes the user machine, which attaches the connection again. */
    void leaveIdle() {
        long nowNanos = shard.loop().nanoTime();
        rights.entrySet().stream()
                .filter(right -> nowNanos - right.getValue() > Routes.IDLE_NANOS && !wantsAnything(right.getKey()))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::loseRight);
        outbox.leaveIdle(left -> {
            left.forEach(this::leave);
            SettledParts.of(left.stream().map(Outbox::settled).toList())
                    .forEach(part -> session.toUser(part, failure -> {}));
        });
    }

    private void leave(Progress progress) {
        routes.left(progress.conversation);
        ignore(progress.conversation);
    }

    /** Whether the device named the conversation to see who is there. */
    boolean watches(ConversationId conversation) {
        return filters.names(conversation, Feed.PRESENCE);
    }

    /** Whether a receipt or a member who types is to wake the user machine. */
    boolean wantsSignals(ConversationId conversation) {
        return filters.wants(conversation, Feed.RECEIPT) || filters.wants(conversation, Feed.TYPING);
    }
}
