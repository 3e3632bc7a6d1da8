package io.parley.delivery;

import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.SubscribeFilter;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.AttachAll;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DetachAll;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.TypingNow;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Reply;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection of a device. Every method is called on the connection's shard. */
public final class DeviceSession {
    private final DeliveryNode deliveries;
    private final DeviceLink link;
    private final Shard shard;
    private final Origin origin;
    private final boolean cleanStart;
    private final Outbox outbox;
    private final Questions questions;
    /** Conversations that the engine said this user may publish to, each counted once in the node's routes. */
    private final Set<ConversationId> rights = new HashSet<>();

    private final Filters filters = new Filters();
    private final Signals signals = new Signals();
    private final CleanStart starting;

    /** Whether the engine was told that messages of all conversations are wanted. */
    private boolean following;

    private boolean open = true;

    DeviceSession(DeliveryNode deliveries, DeviceLink link, Shard shard, Origin origin, boolean cleanStart) {
        this.deliveries = deliveries;
        this.link = link;
        this.shard = shard;
        this.origin = origin;
        this.cleanStart = cleanStart;
        this.outbox = new Outbox(link, deliveries, shard);
        this.starting = new CleanStart(shard);
        this.questions = new Questions(deliveries.log(), shard, origin);
    }

    /** The connection's number within the node's life. */
    public long connection() {
        return origin.getConnection();
    }

    /** Tells the engine that the connection is there, and what it wants of all conversations. */
    void announce() {
        toUser(UserCommand.newBuilder()
                .setDeviceConnected(DeviceConnected.newBuilder().setCleanStart(cleanStart)));
        if (!filters.everywhere().isEmpty()) {
            attachAll(false);
        }
    }

    /** What commands of this connection carry. */
    public Origin origin() {
        return origin;
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
        if (conversation.isDirect()
                && !conversation.isDirectMember(link.device().user())) {
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
        boolean clean = cleanStart && !following && filters.everywhere().contains(Feed.MSG);
        if (clean) {
            starting.asked();
        }
        attachAll(clean);
        starting.whenDone(done);
    }

    /** The user machine attaches these conversations for a clean start. */
    void attaching(List<ConversationId> conversations) {
        starting.attaching(conversations);
    }

    private void attachAll(boolean clean) {
        following = filters.everywhere().contains(Feed.MSG);
        toUser(UserCommand.newBuilder()
                .setAttachAll(AttachAll.newBuilder()
                        .setAttach(Signals.attach(filters.everywhere())
                                .setRightsOnly(!following)
                                .setCleanStart(clean))));
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
            if (!before.equals(filters.everywhere())) {
                attachLess();
            }
        }
        return true;
    }

    private void attachLess() {
        if (filters.everywhere().isEmpty()) {
            following = false;
            toUser(UserCommand.newBuilder().setDetachAll(DetachAll.getDefaultInstance()));
        } else {
            attachAll(false);
        }
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

    /** The user read everything up to that seq. Reported within a second. */
    public void read(ConversationId conversation, int seq) {
        signals.read(conversation, seq);
        shard.moved(this);
    }

    /** The user types, or stopped. Told to the others at most once in two seconds. */
    public void typing(ConversationId conversation, boolean typing) {
        if (signals.passes(conversation, typing, System.nanoTime())) {
            deliveries
                    .log()
                    .append(
                            conversation,
                            ConversationCommand.newBuilder()
                                    .setOrigin(origin)
                                    .setTypingNow(TypingNow.newBuilder().setTyping(typing))
                                    .build(),
                            failure -> {});
        }
    }

    /**
     * Whether the user may publish to a conversation.
     *
     * @param permission called once on the shard, at once when it is known
     */
    public void mayPublish(ConversationId conversation, Consumer<Permission> permission) {
        if (conversation.isDirect()) {
            permission.accept(
                    permission(conversation.isDirectMember(link.device().user())));
        } else if (isMember(conversation)) {
            permission.accept(Permission.GRANTED);
        } else {
            questions.ask(conversation, Attach.newBuilder().setRightsOnly(true), permission);
        }
    }

    /** The device acknowledged a frame. */
    public void acknowledged(int packetId) {
        outbox.acknowledged(packetId);
        shard.moved(this);
    }

    /** The transport takes bytes again. */
    public void writable() {
        outbox.pump();
    }

    /** The connection ended: what was acknowledged is reported, and nothing more is delivered. */
    public void disconnected() {
        if (!open) {
            return;
        }
        open = false;
        shard.reportNow(signals.read(), reports -> signals.report(reports, link.device()));
        outbox.removeAll().forEach(this::release);
        Set.copyOf(rights).forEach(this::loseRight);
        toUser(UserCommand.newBuilder().setDeviceDisconnected(DeviceDisconnected.getDefaultInstance()));
        shard.remove(this);
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
            starting.attached(conversation);
        }
        waiting.forEach(one -> one.accept(permission(answer.getMember())));
    }

    private void takeUp(ConversationId conversation, Attached answer, boolean expected) {
        boolean counted = open
                && (answer.getRightsOnly()
                        ? takeRight(conversation, answer.getWildcard() ? wantsSignals() : expected)
                        : takeMessages(conversation, answer));
        if (counted) {
            shard.listen(conversation, this);
        } else {
            deliveries.routes().closed(conversation);
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
        deliveries.routes().closed(conversation);
        if (!rights.contains(conversation) && outbox.find(conversation) == null) {
            shard.ignore(conversation, this);
        }
    }

    void event(ConversationId conversation, SequencedEvent event, List<String> removed) {
        if (removed.contains(link.device().user().value())) {
            loseRight(conversation);
            outbox.endAt(conversation, event.seq());
        }
        release(outbox.live(conversation, event));
    }

    void signal(ConversationId conversation, SignalFrames signal) {
        if (!filters.wants(conversation, signal.feed()) || !isMember(conversation)) {
            return;
        }
        signal.of(link.device().user()).ifPresent(view -> {
            if (link.isWritable()) {
                link.send(view);
                outbox.flushNext();
            } else if (signal.feed() != Feed.TYPING) {
                signals.missed(conversation);
            }
        });
    }

    /** As far as this connection was told. */
    private boolean isMember(ConversationId conversation) {
        Subscription subscription = outbox.find(conversation);
        return rights.contains(conversation) || (subscription != null && !subscription.isEnding());
    }

    void flush() {
        outbox.flush();
    }

    void reply(Reply reply) {
        link.reply(reply);
    }

    void close(DeviceLink.CloseReason reason) {
        if (open) {
            if (reason == DeviceLink.CloseReason.TOO_MANY_DEVICES) {
                // It is none of the user's devices: nothing may wait for it.
                filters.named().forEach(questions::forget);
            }
            link.close(reason);
        }
    }

    /** Once a second: cursors and what was read are reported, and a device that does not acknowledge is cut. */
    void tick(CursorReports cursors) {
        if (open) {
            report(cursors);
            outbox.reportLife(cursors);
            if (link.isWritable()) {
                signals.takeMissed()
                        .forEach(missed -> questions.tell(
                                missed, Signals.attach(filters.feeds(missed)).setRightsOnly(true)));
            }
            outbox.ended().forEach(this::release);
            outbox.pump();
            if (outbox.isStuck()) {
                close(DeviceLink.CloseReason.NOT_ACKNOWLEDGING);
            }
        }
    }

    /** Reports what was acknowledged and read since the last time. */
    void report(CursorReports cursors) {
        if (open) {
            outbox.reportCursors(cursors);
            signals.report(cursors, link.device());
        }
    }

    DeviceLink link() {
        return link;
    }

    private void release(@Nullable Subscription subscription) {
        if (subscription != null) {
            closed(subscription.conversation);
        }
    }

    private void toUser(UserCommand.Builder command) {
        deliveries.log().append(link.device().user(), command.setOrigin(origin).build(), failure -> {
            if (failure != null && open) {
                // The engine does not know what this connection wants: let the device come again.
                shard.execute(() -> close(DeviceLink.CloseReason.LOG_UNREACHABLE));
            }
        });
    }
}
