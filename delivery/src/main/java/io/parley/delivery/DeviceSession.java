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

    private final Signals signals = new Signals();

    private boolean wildcard;
    private int wildcardQos;
    private boolean open = true;

    DeviceSession(DeliveryNode deliveries, DeviceLink link, Shard shard, Origin origin, boolean cleanStart) {
        this.deliveries = deliveries;
        this.link = link;
        this.shard = shard;
        this.origin = origin;
        this.cleanStart = cleanStart;
        this.outbox = new Outbox(link, deliveries, shard);
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
        if (wildcard || !signals.everywhere().isEmpty()) {
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
     * @param qos 0 or 1
     * @param permission called once on the shard
     */
    public void subscribe(SubscribeFilter.One filter, int qos, Consumer<Permission> permission) {
        ConversationId conversation = filter.conversation();
        if (conversation.isDirect()
                && !conversation.isDirectMember(link.device().user())) {
            permission.accept(Permission.DENIED);
            return;
        }
        Attach.Builder attach = Signals.attach(filter.feeds());
        Consumer<Permission> granted = answer -> {
            if (answer == Permission.GRANTED) {
                signals.want(conversation, filter.feeds());
            }
            permission.accept(answer);
        };
        boolean messages = filter.feeds().contains(Feed.MSG);
        Subscription before = outbox.find(conversation);
        if (messages && before != null && before.state != Subscription.State.ATTACHING) {
            before.qos = qos;
            if (filter.feeds().size() > 1) {
                questions.ask(conversation, attach.setRightsOnly(true), granted);
            } else {
                permission.accept(Permission.GRANTED);
            }
        } else if (messages) {
            outbox.attaching(conversation, qos);
            questions.ask(conversation, attach.setCleanStart(cleanStart), granted);
        } else {
            questions.ask(conversation, attach.setRightsOnly(true), granted);
        }
    }

    /** Subscribes to feeds of all conversations of the user, now and later. */
    public void subscribeMine(SubscribeFilter.Mine filter, int qos) {
        boolean messages = filter.feeds().contains(Feed.MSG);
        boolean clean = cleanStart && messages && !wildcard;
        if (messages) {
            wildcard = true;
            wildcardQos = qos;
        }
        signals.wantEverywhere(filter.feeds());
        attachAll(clean);
    }

    private void attachAll(boolean clean) {
        toUser(UserCommand.newBuilder()
                .setAttachAll(AttachAll.newBuilder()
                        .setAttach(Signals.attach(signals.everywhere())
                                .setRightsOnly(!wildcard)
                                .setCleanStart(clean))));
    }

    /** Ends a subscription; one that does not exist is no error. */
    public void unsubscribe(SubscribeFilter filter) {
        if (filter instanceof SubscribeFilter.One one) {
            signals.ignore(one.conversation(), one.feeds());
            if (one.feeds().contains(Feed.MSG)) {
                release(outbox.remove(one.conversation()));
            }
        } else if (filter instanceof SubscribeFilter.Mine mine) {
            signals.ignoreEverywhere(mine.feeds());
            if (mine.feeds().contains(Feed.MSG) && wildcard) {
                wildcard = false;
                outbox.removeAll().forEach(this::release);
            }
            if (!wildcard && signals.everywhere().isEmpty()) {
                toUser(UserCommand.newBuilder().setDetachAll(DetachAll.getDefaultInstance()));
            } else {
                attachAll(false);
            }
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
        } else if (!answer.getRightsOnly()) {
            outbox.remove(conversation);
        }
        waiting.forEach(one -> one.accept(permission(answer.getMember())));
    }

    private void takeUp(ConversationId conversation, Attached answer, boolean expected) {
        boolean wanted = open && (answer.getWildcard() ? wantsAll(answer.getRightsOnly()) : expected);
        boolean counted;
        if (answer.getRightsOnly()) {
            counted = wanted && rights.add(conversation);
        } else {
            Subscription before = outbox.find(conversation);
            boolean again = before != null && before.state != Subscription.State.ATTACHING;
            counted = wanted && !again;
            if (counted) {
                outbox.attached(conversation, answer, answer.getWildcard() ? wildcardQos : -1);
            }
        }
        if (counted) {
            shard.listen(conversation, this);
        } else {
            deliveries.routes().closed(conversation);
        }
    }

    private boolean wantsAll(boolean rightsOnly) {
        return rightsOnly ? !signals.everywhere().isEmpty() : wildcard;
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
        if (!signals.wants(conversation, signal.feed()) || !isMember(conversation)) {
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
        return rights.contains(conversation)
                || (subscription != null
                        && subscription.state != Subscription.State.ATTACHING
                        && subscription.last == Integer.MAX_VALUE);
    }

    void flush() {
        outbox.flush();
    }

    void reply(Reply reply) {
        link.reply(reply);
    }

    void close(DeviceLink.CloseReason reason) {
        if (open) {
            link.close(reason);
        }
    }

    /** Once a second: cursors and what was read are reported, and a device that does not acknowledge is cut. */
    void tick(CursorReports cursors) {
        if (open) {
            report(cursors);
            outbox.reportLife(cursors);
            if (link.isWritable()) {
                signals.takeMissed().forEach(missed -> questions.tell(missed, signals.again(missed)));
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
        if (subscription != null && subscription.state != Subscription.State.ATTACHING) {
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
