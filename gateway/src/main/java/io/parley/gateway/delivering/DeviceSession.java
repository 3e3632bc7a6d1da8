package io.parley.gateway.delivering;

import io.parley.gateway.subscribing.Filter;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.TypingNow;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A device's session, as long as one connection serves it. Every method is called on the connection's shard.
 *
 * <pre>
 * OPENING ──SessionOpened──▶ OPEN ──disconnected──▶ CLOSED
 *    └────────closed or no answer───────────────────▲
 * </pre>
 */
public final class DeviceSession {
    /** The engine waits some seconds for an earlier connection of the device; beyond this it is out. */
    private static final long OPENING_SECONDS = 20;

    /** Each round that is a multiple looks for conversations that are idle. */
    private static final int IDLE_ROUNDS = 64;

    private enum State {
        OPENING,
        OPEN,
        CLOSED
    }

    private final DeliveryNode deliveries;
    private final DeviceLink link;
    private final Shard shard;
    private final SessionTerms terms;
    private final Outbox outbox;
    private final Subscriptions subscriptions;
    private final Signals signals = new Signals();
    private final Listings listings;
    private Origin origin;
    private State state = State.OPENING;
    private boolean visiting;
    private int rounds;

    DeviceSession(DeliveryNode deliveries, DeviceLink link, Shard shard, Origin origin, SessionTerms terms) {
        this.deliveries = deliveries;
        this.link = link;
        this.shard = shard;
        this.origin = origin;
        this.terms = terms;
        this.outbox = new Outbox(this, deliveries, shard);
        this.subscriptions = new Subscriptions(this, deliveries, shard, outbox);
        this.listings = new Listings(this, deliveries.log(), shard, deliveries.listingThrottle());
    }

    /** The connection's number within the node's life. */
    public long connection() {
        return origin.getConnection();
    }

    /** What the device asked for when it connected. */
    SessionTerms terms() {
        return terms;
    }

    /** Asks the engine for the session; {@link #opened} follows, or the connection is closed. */
    void open() {
        toUser(UserCommand.newBuilder().setDeviceConnected(connected()), failure -> {});
        shard.loop()
                .schedule(
                        () -> {
                            if (state == State.OPENING) {
                                close(DeviceLink.CloseReason.LOG_UNREACHABLE);
                            }
                        },
                        TimeUnit.SECONDS.toMillis(OPENING_SECONDS));
    }

    /** The connection asks and publishes without a session: no device is known by it, nobody is online by it, and nothing is delivered but answers. */
    void visit() {
        visiting = true;
        state = State.OPEN;
    }

    /** The engine may have taken the node for dead: tells it that the connection is there, and what it wants. */
    void announce() {
        if (visiting) {
            return;
        }
        if (state == State.OPEN) {
            toUser(UserCommand.newBuilder().setDeviceConnected(connected().setAgain(true)), failure -> {});
            subscriptions.announce();
        } else if (state == State.OPENING) {
            toUser(UserCommand.newBuilder().setDeviceConnected(connected()), failure -> {});
        }
    }

    private DeviceConnected.Builder connected() {
        return DeviceConnected.newBuilder()
                .setCleanStart(terms.cleanStart())
                .setExpirySeconds((int) terms.expirySeconds())
                .setIssuedAtMillis(terms.tokenIssuedAtMillis());
    }

    /** The engine's answer, or a part of it. */
    void opened(SessionOpened answer) {
        if (state != State.OPENING) {
            return;
        }
        subscriptions.restore(answer.getSubscriptionsList().stream()
                .map(subscription -> Filter.of(subscription, link.device().user()))
                .toList());
        if (answer.getMore()) {
            return;
        }
        origin = origin.toBuilder().setSession(answer.getSession()).build();
        outbox.resumes(answer.getInterrupted());
        state = State.OPEN;
        link.opened(answer.getPresent());
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
        if (signals.passes(conversation, typing, shard.loop().nanoTime())) {
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

    /** The device has everything of the conversation up to that seq, of what it was sent. */
    public void acknowledge(ConversationId conversation, int seq) {
        outbox.acknowledge(conversation, seq);
        shard.moved(this);
    }

    /**
     * The device showed that it has everything of the conversation up to that seq, whichever connection sent it, and whether or not the conversation is
     * attached yet: nothing up to it is sent again. The caller knows that no more was sent.
     */
    public void claim(ConversationId conversation, int seq) {
        outbox.claim(conversation, seq);
        shard.moved(this);
    }

    /** The transport takes more again: bytes, or frames that are to be acknowledged. */
    public void writable() {
        outbox.pump();
    }

    /**
     * The connection ended: nothing more is delivered. When the log has what was acknowledged, the engine is told, and may hand the session to
     * the device's next connection.
     *
     * @param expirySeconds what the device said at its end about its session, instead of at its beginning
     */
    public void disconnected(OptionalLong expirySeconds) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        shard.remove(this);
        listings.end();
        if (visiting) {
            subscriptions.endAll();
            return;
        }
        List<UserCommand> last = new ArrayList<>();
        shard.reportNow(
                reports -> {
                    signals.report(reports, this);
                    outbox.reportLast(reports);
                    SettledParts.of(outbox.settled())
                            .forEach(part -> last.add(part.setOrigin(origin).build()));
                },
                complete -> farewell(complete ? last : List.of(), expirySeconds, complete));
        subscriptions.endAll();
    }

    /** @param settled of what the device has everything, as the log knows by now */
    private void farewell(List<UserCommand> settled, OptionalLong expirySeconds, boolean complete) {
        DeviceDisconnected.Builder disconnected =
                DeviceDisconnected.newBuilder().setIncomplete(!complete);
        expirySeconds.ifPresent(
                seconds -> disconnected.setExpirySeconds((int) Math.min(seconds, SessionTerms.MAX_EXPIRY_SECONDS)));
        List<UserCommand> commands = new ArrayList<>(settled);
        commands.add(UserCommand.newBuilder()
                .setOrigin(origin)
                .setDeviceDisconnected(disconnected)
                .build());
        new Farewell(deliveries, shard, link.device().user(), commands).send();
    }

    void signal(ConversationId conversation, SignalFrames signal) {
        if (!subscriptions.wants(conversation, signal.feed())) {
            return;
        }
        signal.of(link.device().user()).ifPresent(view -> {
            if (link.isWritable()) {
                link.send(view, subscriptions.address(conversation, signal.feed()));
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
        if (!listings.failed(reply)) {
            link.reply(reply);
        }
    }

    /** The pages of conversations that the device asks for. */
    Listings listings() {
        return listings;
    }

    void close(DeviceLink.CloseReason reason) {
        if (state != State.CLOSED) {
            link.close(reason);
        }
    }

    /** Once a second: cursors and what was read are reported. */
    void tick(CursorReports cursors) {
        if (state == State.OPEN) {
            report(cursors);
            outbox.reportLife(cursors);
            if (link.isWritable()) {
                signals.takeMissed().forEach(subscriptions::askAgain);
            }
            subscriptions.releaseEnded();
            outbox.pump();
            if (++rounds % IDLE_ROUNDS == 0) {
                subscriptions.leaveIdle();
            }
        }
    }

    /** Reports what was acknowledged and read since the last time. */
    void report(CursorReports cursors) {
        if (state == State.OPEN) {
            outbox.reportCursors(cursors);
            signals.report(cursors, this);
        }
    }

    DeviceLink link() {
        return link;
    }

    boolean isOpen() {
        return state != State.CLOSED;
    }

    /**
     * Appends a command of this connection to its user.
     *
     * @param done called once on the shard; a connection whose command the log does not take is closed
     */
    void toUser(UserCommand.Builder command, Consumer<@Nullable Exception> done) {
        deliveries
                .log()
                .append(
                        link.device().user(),
                        command.setOrigin(origin).build(),
                        failure -> shard.loop().execute(() -> {
                            if (failure != null) {
                                // The engine does not know what this connection wants: let the device come again.
                                close(DeviceLink.CloseReason.LOG_UNREACHABLE);
                            }
                            done.accept(failure);
                        }));
    }
}
