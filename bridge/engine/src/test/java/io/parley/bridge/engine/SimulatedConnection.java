package io.parley.bridge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.gateway.Loop;
import io.parley.gateway.delivering.DeviceLink;
import io.parley.gateway.delivering.DeviceSession;
import io.parley.gateway.delivering.Frame;
import io.parley.gateway.delivering.ListingRequest;
import io.parley.gateway.delivering.SignalView;
import io.parley.gateway.publishing.AttachmentCheck;
import io.parley.gateway.publishing.ChatSteps;
import io.parley.gateway.publishing.Incoming;
import io.parley.gateway.publishing.Outcome;
import io.parley.gateway.publishing.PublicationFilters;
import io.parley.gateway.publishing.Publisher;
import io.parley.gateway.publishing.Publishing;
import io.parley.gateway.publishing.Submission;
import io.parley.gateway.subscribing.Address;
import io.parley.gateway.subscribing.Filter;
import io.parley.gateway.subscribing.Permission;
import io.parley.gateway.throttling.Throttle;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.wire.ListConversations;
import io.parley.protocol.wire.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One connection between a device and a node. Either end may go without a word to the other. */
final class SimulatedConnection implements DeviceLink, Publisher {
    private static final Throttle UNLIMITED = new Throttle() {
        @Override
        public long message(UserId user, int bytes) {
            return NOW;
        }

        @Override
        public long request(UserId user, int bytes) {
            return NOW;
        }
    };

    private final SimulatedDevice device;
    private final SimulatedNode node;
    private final Loop loop;
    private final int window;
    private final DeviceSession session;
    private final Publishing publishing;
    /** What was sent and not acknowledged, or stands behind such a frame. */
    private final Map<ConversationId, Deque<Frame>> inFlight = new HashMap<>();

    private final Set<Frame> unacknowledged = new LinkedHashSet<>();
    private final Map<ConversationId, Integer> last = new HashMap<>();
    private final Map<ConversationId, Integer> acknowledged = new HashMap<>();
    /** What the device had acknowledged, by the log, when this began. */
    private final Map<ConversationId, Integer> settled;

    private boolean opened;
    /** The node knows that it is over. */
    private boolean ended;
    /** The device has left it. */
    private boolean left;

    private boolean closing;
    /** Whether the node's loop takes bytes for it. */
    boolean writable = true;

    SimulatedConnection(SimulatedDevice device, SimulatedNode node, int window) {
        this.device = device;
        this.node = node;
        this.loop = node.anyLoop();
        this.window = window;
        this.settled = device.settled();
        this.session = node.node().connect(this, loop, device.terms);
        this.publishing = new Publishing(
                this,
                device.id.user(),
                new ChatSteps(
                        session,
                        device.id.user(),
                        node,
                        this,
                        UNLIMITED,
                        () -> "made",
                        failure -> {},
                        PublicationFilters.NONE,
                        (sender, named) -> CompletableFuture.completedFuture(AttachmentCheck.Checked.granted(named))),
                request -> request.refuse(Outcome.NOT_ALLOWED, null));
    }

    SimulatedNode node() {
        return node;
    }

    boolean isOpen() {
        return opened && !ended && !left;
    }

    void subscribe() {
        Filter all = Filter.of(
                Subscription.newBuilder().setFilter(device.filter).setQos(1).build(), device.id.user());
        session.subscriptions().subscribe(List.of(all), granted -> {
            if (!left && !ended && granted.get(0) == Permission.GRANTED) {
                device.subscribed = true;
            }
        });
    }

    /** Besides what the device subscribes to each time. */
    void subscribe(String filter) {
        Filter one =
                Filter.of(Subscription.newBuilder().setFilter(filter).setQos(1).build(), device.id.user());
        session.subscriptions()
                .subscribe(List.of(one), granted -> assertThat(granted).containsExactly(Permission.GRANTED));
    }

    void types(ConversationId conversation) {
        session.typing(conversation, true);
    }

    void publish(int ticket, SimulatedDevice.Published message) {
        loop.execute(() -> {
            if (!ended) {
                publishing.take(Submission.of("chat/" + message.conversation() + "/msg", message.payload(), ticket));
            }
        });
    }

    /** The device acknowledges some of what it got, in an order of its own. */
    void acknowledgeSome(Random random) {
        List<Frame> open = new ArrayList<>(unacknowledged);
        for (int i = random.nextInt(open.size() + 1); i > 0; i--) {
            acknowledge(open.remove(random.nextInt(open.size())));
        }
    }

    void acknowledgeAll() {
        List.copyOf(unacknowledged).forEach(this::acknowledge);
    }

    private void acknowledge(Frame frame) {
        loop.execute(() -> {
            if (!ended && unacknowledged.remove(frame)) {
                settle(frame.conversation());
                session.writable();
            }
        });
    }

    private void settle(ConversationId conversation) {
        Deque<Frame> packets = inFlight.getOrDefault(conversation, new ArrayDeque<>());
        int reached = 0;
        while (!packets.isEmpty() && !unacknowledged.contains(packets.element())) {
            reached = packets.remove().event().seq();
        }
        if (reached > 0) {
            session.acknowledge(conversation, reached);
            acknowledged.put(conversation, reached);
        }
    }

    /** The user reads up to something that the device got. */
    void readSome(Random random) {
        List<ConversationId> conversations = List.copyOf(device.got.keySet());
        if (conversations.isEmpty()) {
            return;
        }
        ConversationId conversation = conversations.get(random.nextInt(conversations.size()));
        List<Integer> got = device.got.getOrDefault(conversation, List.of());
        int seq = got.get(random.nextInt(got.size()));
        loop.execute(() -> {
            if (!ended) {
                session.read(conversation, seq);
            }
        });
    }

    /** Asks for a page of the user's conversations. */
    void list(ListConversations page, int maxBytes, Consumer<Reply> answer) {
        node.node().list(session.origin(), new ListingRequest("list", page, WireFormat.PROTO, maxBytes), answer);
    }

    /** The transport takes bytes, or none. */
    void writable(boolean now) {
        loop.execute(() -> {
            writable = now;
            if (now && !ended) {
                session.writable();
            }
        });
    }

    /** The device has gone, and the node does not know. */
    void leave() {
        left = true;
        device.disconnected();
    }

    /** The node has gone. */
    void nodeDied() {
        if (!ended && !left) {
            device.disconnected();
        }
        ended = true;
    }

    /** Both know that it is over. */
    void end() {
        loop.execute(() -> {
            if (!ended) {
                ended = true;
                publishing.drain(() -> {
                    session.disconnected(OptionalLong.empty());
                    node.whenAppended(() -> device.settled(acknowledged));
                });
                if (!left) {
                    device.disconnected();
                }
            }
        });
    }

    @Override
    public DeviceId device() {
        return device.id;
    }

    @Override
    public void opened(boolean present) {
        opened = true;
        if (!left && !ended && device.connection == this) {
            device.opened(this, present);
        }
    }

    @Override
    public int room() {
        return Math.max(0, window - unacknowledged.size());
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    @Override
    public void send(Frame frame, Address address) {
        inFlight.computeIfAbsent(frame.conversation(), key -> new ArrayDeque<>())
                .add(frame);
        unacknowledged.add(frame);
        if (!left && !ended && device.connection == this) {
            device.receive(frame, last.put(frame.conversation(), frame.event().seq()), settled);
        }
    }

    @Override
    public void send(SignalView signal, Address address) {
        device.signals++;
    }

    @Override
    public void flush() {}

    @Override
    public void reply(Reply reply) {}

    @Override
    public void close(CloseReason reason) {
        if (reason == CloseReason.FAILED) {
            throw new AssertionError("the session failed");
        }
        closing = true;
        end();
    }

    @Override
    public WireFormat format() {
        return WireFormat.JSON;
    }

    @Override
    public void acknowledge(Incoming incoming) {
        if (left || ended) {
            return;
        }
        if (incoming.outcome() == Outcome.ACCEPTED) {
            device.accepted(incoming.ticket());
        } else {
            device.refused(incoming.ticket());
        }
    }

    @Override
    public void read(boolean on) {}

    @Override
    public void busy(String reason) {
        closing = true;
        end();
    }

    @Override
    public boolean isClosing() {
        return closing;
    }

    @Override
    public void later(Runnable task, long millis) {
        loop.schedule(task, millis);
    }

    @Override
    public void onShard(Runnable task) {
        loop.execute(task);
    }
}
