package io.parley.history.polling;

import io.parley.gateway.Loop;
import io.parley.gateway.delivering.DeliveryNode;
import io.parley.gateway.delivering.DeviceLink;
import io.parley.gateway.delivering.DeviceSession;
import io.parley.gateway.delivering.Frame;
import io.parley.gateway.delivering.SessionTerms;
import io.parley.gateway.delivering.SignalView;
import io.parley.gateway.subscribing.Address;
import io.parley.gateway.subscribing.Filter;
import io.parley.gateway.subscribing.Permission;
import io.parley.history.polling.Reader.Ending;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a device that comes by calls: messages are handed to the call that waits, and count as acknowledged when the device comes with the cursor that
 * it was handed with them. Between two calls little is kept for the device: what does not find room is read again for it. On its loop.
 *
 * <pre>
 * OPENING ──session opened, subscribed──▶ OPEN ──lease over, taken over, replaced──▶ CLOSED
 * </pre>
 */
final class HttpDevice implements DeviceLink {
    /** What the device gets: everything of its conversations, and replies. */
    private static final String EVERYTHING = "chat/#";

    /** What one call is handed: it can be written without waiting for the client. */
    private static final int CALL_BYTES = 64 * 1024;

    /** What is kept while no call waits. */
    private static final int KEPT_BYTES = 16 * 1024;

    private static final int OVERHEAD_BYTES = 64;

    private final DeviceId device;
    private final Loop loop;
    private final CursorSeal seal;
    private final Runnable left;
    private final DeviceSession session;
    private final Reached reached = new Reached();
    private final List<Queued> queue = new ArrayList<>();
    private long queuedBytes;
    private int queuedMessages;
    private @Nullable Reader reader;
    private boolean closed;
    private long idleSinceNanos;
    /** When something was handed to the device after which nothing was acknowledged. */
    private long handedNanos;

    /** @param conversation whose message it is; null: it is none, and not acknowledged */
    private record Queued(Happening happening, @Nullable ConversationId conversation, int seq) {
        int bytes() {
            return happening.payload().length + OVERHEAD_BYTES;
        }
    }

    /**
     * Connects.
     *
     * @param claims what the device showed to have
     * @param tokenIssuedAtMillis when the token of the first call was issued, epoch milliseconds
     * @param left run once when the connection ends
     */
    HttpDevice(
            DeviceId device,
            DeliveryNode node,
            Loop loop,
            CursorSeal seal,
            Map<ConversationId, Integer> claims,
            long tokenIssuedAtMillis,
            Runnable left) {
        this.device = device;
        this.loop = loop;
        this.seal = seal;
        this.left = left;
        this.idleSinceNanos = loop.nanoTime();
        this.session =
                node.connect(this, loop, new SessionTerms(false, SessionTerms.MAX_EXPIRY_SECONDS, tokenIssuedAtMillis));
        acknowledge(claims);
    }

    /** The device shows that it has everything up to there. */
    void acknowledge(Map<ConversationId, Integer> claims) {
        claims.forEach((conversation, seq) -> {
            reached.acknowledged(conversation, seq, loop.nanoTime());
            session.acknowledge(conversation, seq);
            session.claim(conversation, seq);
        });
    }

    /** Whether the device was handed something that it does not show to have: that did not arrive. */
    boolean lacksSomething() {
        return reached.isOpen();
    }

    /** What comes is for that call; one that waits already ends. */
    void serve(Reader call) {
        end(Ending.REPLACED);
        reader = call;
        session.writable();
        hand();
    }

    /** The call ends, if it waits still. */
    void over(Reader call, Ending reason) {
        if (call.equals(reader)) {
            end(reason);
        }
    }

    /** The call takes more again. */
    void ready() {
        hand();
        session.writable();
    }

    private void end(Ending reason) {
        Reader ended = reader;
        if (ended != null) {
            reader = null;
            idleSinceNanos = loop.nanoTime();
            ended.end(reason);
        }
    }

    /** The connection ends: what was acknowledged goes to the log, and then the device's next connection has its session. */
    void leave(Ending reason) {
        if (closed) {
            return;
        }
        closed = true;
        queue.clear();
        left.run();
        end(reason);
        session.disconnected(OptionalLong.empty());
    }

    /** Time passes. */
    void tick(PollSettings settings) {
        long nowNanos = loop.nanoTime();
        Reader waiting = reader;
        if (waiting == null) {
            if (nowNanos - idleSinceNanos > settings.lease().toNanos()) {
                leave(Ending.TIME);
            }
            return;
        }
        if (waiting.isStream()
                && reached.isOpen()
                && nowNanos - handedNanos > settings.acknowledging().toNanos()) {
            end(Ending.TIME);
        } else {
            waiting.idle(nowNanos);
        }
    }

    /** A call is handed everything at once; each event of a stream has a cursor of its own. */
    private void hand() {
        Reader call = reader;
        while (call != null && call.equals(reader) && !queue.isEmpty() && call.isReady()) {
            hand(call, call.isStream() ? 1 : queue.size());
        }
        if (call != null && call.isStream() && reached.room() == 0) {
            over(call, Ending.TIME);
        }
    }

    private void hand(Reader call, int count) {
        long nowNanos = loop.nanoTime();
        List<Happening> happenings = new ArrayList<>(count);
        for (Queued queued : queue.subList(0, count)) {
            happenings.add(queued.happening());
            queuedBytes -= queued.bytes();
            ConversationId conversation = queued.conversation();
            if (conversation != null) {
                queuedMessages--;
                handedNanos = reached.isOpen() ? handedNanos : nowNanos;
                reached.handed(conversation, queued.seq());
            }
        }
        queue.subList(0, count).clear();
        if (!call.isStream()) {
            reader = null;
            idleSinceNanos = nowNanos;
        }
        call.take(happenings, seal.write(device, reached.all(nowNanos)));
    }

    @Override
    public void opened(boolean present) {
        List<Filter> wanted = new ArrayList<>();
        want(wanted, EVERYTHING);
        want(wanted, "user/" + device.user() + "/reply");
        if (!wanted.isEmpty()) {
            session.subscriptions().subscribe(wanted, permissions -> {
                if (permissions.stream().anyMatch(permission -> permission != Permission.GRANTED)) {
                    close(CloseReason.LOG_UNREACHABLE);
                }
            });
        }
    }

    /** A filter that stands is left as the device subscribed to it on another transport, but for a QoS at which nothing is acknowledged. */
    private void want(List<Filter> wanted, String filter) {
        Filter before = session.subscriptions().standing(filter).orElse(null);
        if (before == null || before.qos() == 0) {
            Subscription.Builder options =
                    before == null ? Subscription.newBuilder().setFilter(filter) : before.options().toBuilder();
            wanted.add(Filter.of(options.setQos(1).build(), device.user()));
        }
    }

    @Override
    public DeviceId device() {
        return device;
    }

    @Override
    public int room() {
        return Math.max(0, reached.room() - queuedMessages);
    }

    @Override
    public boolean isWritable() {
        return !closed && queuedBytes < (reader == null ? KEPT_BYTES : CALL_BYTES);
    }

    @Override
    public void send(Frame frame, Address address) {
        ConversationId conversation = frame.conversation();
        int seq = frame.event().seq();
        queuedMessages++;
        add(new Queued(
                new Happening(
                        "chat/" + address.conversation() + "/msg", frame.event().payload(WireFormat.JSON)),
                conversation,
                seq));
    }

    @Override
    public void send(SignalView signal, Address address) {
        add(new Queued(
                new Happening(
                        "chat/" + address.conversation() + "/" + signal.feed().level(),
                        signal.payload(WireFormat.JSON)),
                null,
                0));
    }

    /** News that find no room are lost, as on a connection that takes no bytes: what they tell, lists tell as well. */
    @Override
    public void reply(Reply reply) {
        if (isWritable() && reply.getRequestId().isEmpty()) {
            add(new Queued(new Happening("user/" + device.user() + "/reply", WireFormat.JSON.encode(reply)), null, 0));
            hand();
        }
    }

    private void add(Queued queued) {
        queue.add(queued);
        queuedBytes += queued.bytes();
    }

    @Override
    public void flush() {
        hand();
    }

    @Override
    public void close(CloseReason reason) {
        Ending ending = switch (reason) {
            case TAKEN_OVER -> Ending.TAKEN_OVER;
            case REMOVED -> Ending.REMOVED;
            case TOKEN_REVOKED -> Ending.TOKEN_REVOKED;
            case TOO_MANY_DEVICES -> Ending.TOO_MANY_DEVICES;
            case LOG_UNREACHABLE, FAILED, DRAINED -> Ending.UNAVAILABLE;
        };
        // The session is in the midst of something.
        loop.execute(() -> leave(ending));
    }
}
