package io.parley.delivery;

import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.TypingNow;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Reply;
import java.util.concurrent.TimeUnit;

/** One connection of a device. Every method is called on the connection's shard. */
public final class DeviceSession {
    private static final long AGAIN_SECONDS = 2;

    private final DeliveryNode deliveries;
    private final DeviceLink link;
    private final Shard shard;
    private final Origin origin;
    private final boolean cleanStart;
    private final Outbox outbox;
    private final Subscriptions subscriptions;
    private final Signals signals = new Signals();
    private boolean open = true;

    DeviceSession(DeliveryNode deliveries, DeviceLink link, Shard shard, Origin origin, boolean cleanStart) {
        this.deliveries = deliveries;
        this.link = link;
        this.shard = shard;
        this.origin = origin;
        this.cleanStart = cleanStart;
        this.outbox = new Outbox(link, deliveries, shard);
        this.subscriptions = new Subscriptions(this, deliveries, shard, outbox, cleanStart);
    }

    /** The connection's number within the node's life. */
    public long connection() {
        return origin.getConnection();
    }

    /** Tells the engine that the connection is there, and what it wants of all conversations. */
    void announce() {
        toUser(UserCommand.newBuilder()
                .setDeviceConnected(DeviceConnected.newBuilder().setCleanStart(cleanStart)));
        subscriptions.announce();
    }

    /** What commands of this connection carry. */
    public Origin origin() {
        return origin;
    }

    /** What the device subscribed to, and may publish to. */
    public Subscriptions subscriptions() {
        return subscriptions;
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
        subscriptions.endAll();
        sayGone();
        shard.remove(this);
    }

    /** Until the log takes it: else the user would be online for as long as this node lives. The engine ignores it when the device is back. */
    private void sayGone() {
        UserCommand gone = UserCommand.newBuilder()
                .setOrigin(origin)
                .setDeviceDisconnected(DeviceDisconnected.getDefaultInstance())
                .build();
        deliveries.log().append(link.device().user(), gone, failure -> {
            if (failure != null) {
                shard.schedule(this::sayGone, AGAIN_SECONDS, TimeUnit.SECONDS);
            }
        });
    }

    void signal(ConversationId conversation, SignalFrames signal) {
        if (!subscriptions.wants(conversation, signal.feed())) {
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
                subscriptions.forget();
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
                signals.takeMissed().forEach(subscriptions::askAgain);
            }
            subscriptions.releaseEnded();
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

    boolean isOpen() {
        return open;
    }

    void toUser(UserCommand.Builder command) {
        deliveries.log().append(link.device().user(), command.setOrigin(origin).build(), failure -> {
            if (failure != null && open) {
                // The engine does not know what this connection wants: let the device come again.
                shard.execute(() -> close(DeviceLink.CloseReason.LOG_UNREACHABLE));
            }
        });
    }
}
