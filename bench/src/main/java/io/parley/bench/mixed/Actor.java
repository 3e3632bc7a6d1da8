package io.parley.bench.mixed;

import io.parley.client.Outbox;
import io.parley.demo.DemoTarget;
import io.parley.demo.Device;
import io.parley.demo.DeviceException;
import io.parley.protocol.DeviceId;
import io.parley.protocol.MalformedPayload;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Publication;
import io.parley.protocol.wire.ReadReceipt;
import io.parley.protocol.wire.Receipts;
import io.parley.protocol.wire.Request;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One device of the load, which outlives its connections: it may change its node, its transport, or be taken over by a second connection of its own, and what it says
 * is sent until it is acknowledged. Its connections have rising numbers, whichever transport they use. Thread-safe.
 */
final class Actor {
    /** Numbers of a transport's connections that are free before the next one's. */
    private static final int CONNECTIONS_OF_A_LINK = 1_000;

    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** Is told what came and was not there before. */
    interface Ear {
        void heard(Talk talk, Actor at, ChatEvent event);
    }

    /**
     * What all of a load have together.
     *
     * @param connecting waits until devices are connected
     * @param refused counts what the platform refused for good
     */
    record Shared(HttpClient http, Executor connecting, Ear ear, AtomicInteger refused) {}

    private final DemoTarget target;
    private final DeviceId id;
    private final Shared shared;
    private final Map<String, Talk> talks = new LinkedHashMap<>();
    private final Map<String, Talk> receipts = new LinkedHashMap<>();
    private final Outbox outbox;
    private CompletableFuture<Void> moves = CompletableFuture.completedFuture(null);
    private volatile Link link;
    private volatile boolean online;
    private volatile boolean closed;
    private int links;

    /** @param byHttp whether it begins with HTTP */
    Actor(DemoTarget target, DeviceId id, boolean byHttp, Shared shared) throws DeviceException {
        this.target = target;
        this.id = id;
        this.shared = shared;
        this.outbox = new Outbox(this::send, (unsent, why) -> {
            System.err.println("refused: " + why.getMessage());
            shared.refused().incrementAndGet();
        });
        this.link = new Link(byHttp);
    }

    DeviceId id() {
        return id;
    }

    /** It is, or may become, a member; before {@link #open}. */
    void joins(Talk talk, boolean withReceipts) {
        talks.put(talk.topic(), talk);
        if (withReceipts) {
            receipts.put(talk.receiptTopic(), talk);
        }
    }

    boolean isOnline() {
        return online;
    }

    boolean usesHttp() {
        return link.byHttp;
    }

    /** What it said and was not answered. */
    int unanswered() {
        return outbox.size();
    }

    /** Connects for the first time. */
    CompletableFuture<Void> open() {
        return move(() -> connect(link));
    }

    /** Says goodbye and comes back, to the next node. */
    void leaveAndReturn() {
        var unused = move(() -> {
            leave(link);
            connect(link);
        });
    }

    /** Goes on with the other transport. */
    void switchTransport() {
        var unused = move(() -> {
            Link old = link;
            leave(old);
            old.device.close();
            link = new Link(!old.byHttp);
            connect(link);
        });
    }

    /** Connects once more at another node while it is connected: the new connection takes the place of the old one. */
    void takeOver() {
        var unused = move(() -> {
            Link old = link;
            outbox.lost();
            old.cut();
            link = new Link(old.byHttp);
            connect(link);
            old.device.close();
        });
    }

    private void leave(Link from) {
        online = false;
        outbox.lost();
        // More can come and be acknowledged until it is gone, so the cut is told first: the earliest counts.
        from.cut();
        from.device.disconnect();
    }

    private synchronized CompletableFuture<Void> move(Move move) {
        moves = moves.thenRunAsync(
                () -> {
                    try {
                        if (!closed) {
                            move.run();
                        }
                    } catch (DeviceException e) {
                        throw new IllegalStateException(e);
                    }
                },
                shared.connecting());
        return moves;
    }

    private interface Move {
        void run() throws DeviceException;
    }

    /** Connects and subscribes until both are answered. */
    private void connect(Link to) {
        while (!closed && to.equals(link)) {
            try {
                to.cut();
                to.lost = false;
                to.device.connect(false);
                to.device.subscribe(to.filters());
                if (!to.lost) {
                    online = true;
                    outbox.connected();
                    return;
                }
            } catch (DeviceException e) {
                // The node is gone, or busy: the next one may have time.
            }
            LockSupport.parkNanos(AGAIN_NANOS);
        }
    }

    void say(Talk talk, Publication publication) {
        talk.sending(id, publication);
        outbox.say(talk.id().value(), publication.toBuilder());
    }

    /** Sends again what was refused for the moment; call it now and then. */
    void resend() {
        outbox.send();
    }

    private CompletableFuture<Void> send(String conversation, Publication publication) {
        String topic = "chat/" + conversation + "/msg";
        return link.device.publish(topic, WireFormat.JSON.encode(publication)).whenComplete((done, failure) -> {
            Talk talk = talks.get(topic);
            if (failure == null && talk != null) {
                talk.acknowledged(publication);
            }
        });
    }

    /** Asks for something whose effect is seen in what comes; nothing while it is offline, or by HTTP. */
    void ask(Request request) {
        Link now = link;
        if (online && !now.byHttp) {
            var unused = now.device.publish("user/" + id.user() + "/request", WireFormat.JSON.encode(request));
        }
    }

    /** Says that everything was read that has come. */
    void readEverything() {
        if (!online) {
            return;
        }
        for (Talk talk : receipts.values()) {
            int seq = talk.highest(id);
            if (seq > 0) {
                talk.reading(id, seq);
                ReadReceipt receipt = ReadReceipt.newBuilder().setRead(seq).build();
                link.device.tell(talk.receiptTopic(), WireFormat.JSON.encode(receipt));
            }
        }
    }

    void close() {
        closed = true;
        link.device.close();
    }

    /** A transport, and the connections that it makes one after the other. */
    private final class Link implements Device.Listener {
        private record Place(Talk talk, int seq) {}

        private final boolean byHttp;
        private final Device device;
        private final int base;
        private final List<Place> unacknowledged = new ArrayList<>();
        private int last;
        private volatile boolean lost;

        Link(boolean byHttp) throws DeviceException {
            this.byHttp = byHttp;
            this.base = CONNECTIONS_OF_A_LINK * links;
            DemoTarget node = target.turned(links);
            links++;
            this.device = byHttp ? Device.http(shared.http(), node, id, this) : Device.v5(node, id, this);
        }

        String[] filters() {
            if (!byHttp) {
                return receipts.isEmpty() ? new String[] {"chat/+/msg"} : new String[] {"chat/+/msg", "chat/+/receipt"};
            }
            List<String> topics = new ArrayList<>(talks.keySet());
            topics.addAll(receipts.keySet());
            return topics.toArray(String[]::new);
        }

        /** The last connection has ended, or is about to. */
        synchronized void cut() {
            if (last > 0) {
                talks.values().forEach(talk -> talk.cut(id, last));
            }
            unacknowledged.clear();
        }

        @Override
        public synchronized void received(int connection, String topic, byte[] payload) {
            last = base + connection;
            Talk talk = talks.get(topic);
            try {
                if (talk != null) {
                    ChatEvent.Builder event = ChatEvent.newBuilder();
                    WireFormat.JSON.decode(payload, event);
                    unacknowledged.add(new Place(talk, event.getSeq()));
                    if (talk.received(id, last, event.build())) {
                        shared.ear().heard(talk, Actor.this, event.build());
                    }
                    return;
                }
                Talk told = receipts.get(topic);
                if (told != null) {
                    Receipts.Builder tellings = Receipts.newBuilder();
                    WireFormat.JSON.decode(payload, tellings);
                    tellings.getReceiptsList().forEach(receipt -> told.told(id, receipt));
                }
            } catch (MalformedPayload e) {
                System.err.println("unreadable delivery at " + id + ": " + e.getMessage());
                shared.refused().incrementAndGet();
            }
        }

        @Override
        public synchronized void acknowledged(int connection) {
            unacknowledged.forEach(place -> place.talk().acknowledges(id, base + connection, place.seq()));
            unacknowledged.clear();
        }

        @Override
        public void lost(String reason) {
            lost = true;
            if (equals(link) && !closed) {
                online = false;
                outbox.lost();
                cut();
                var unused = move(() -> {
                    if (lost) {
                        connect(this);
                    }
                });
            }
        }

        @Override
        public void replaced() {
            // By a second connection of this device: then the new link goes on. Otherwise it comes back.
            lost("another connection took the place of this one");
        }
    }
}
