package io.parley.gateway.delivering;

import io.parley.gateway.CommandLog;
import io.parley.gateway.Loop;
import io.parley.gateway.throttling.ListingThrottle;
import io.parley.gateway.throttling.Rate;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node in one of its lives: its connections, and the deliveries that come for them. Each connection belongs to a shard, whose tasks run
 * on one loop; a batch of deliveries is handed to every shard once, in order.
 */
public final class DeliveryNode {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryNode.class);
    private static final long RECENT_BYTES = 48L << 20;

    private final Node node;
    private final CommandLog log;
    private final Replays replays;
    private final Routes routes;
    private final CursorReports cursors;
    private final RecentEvents recent;
    private final DeliveryCounts counts = new DeliveryCounts();
    private final AtomicLong connections = new AtomicLong();
    private final RoundTrips roundTrips;
    private final QuestionLimits questionLimits;
    private final ListingThrottle listingThrottle;
    private final Duration patience;
    private final AtomicBoolean unknown = new AtomicBoolean();
    private final Map<Loop, Shard> shards = new ConcurrentHashMap<>();
    private volatile boolean ended;
    private volatile boolean superseded;

    /**
     * @param node this life of the node
     * @param log where commands go
     * @param store where old events come from
     */
    public DeliveryNode(Node node, CommandLog log, EventStore store) {
        this(
                node,
                log,
                store,
                new QuestionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE),
                new ListingThrottle(new Rate(Integer.MAX_VALUE, Duration.ofMinutes(1))),
                Duration.ofSeconds(5));
    }

    /**
     * @param questionLimits how much its connections ask the engine at once
     * @param listingThrottle what lists of conversations ask
     * @param patience the engine is told when a device acknowledges nothing for so long; zero: never
     */
    public DeliveryNode(
            Node node,
            CommandLog log,
            EventStore store,
            QuestionLimits questionLimits,
            ListingThrottle listingThrottle,
            Duration patience) {
        this(node, log, store, questionLimits, listingThrottle, patience, RECENT_BYTES);
    }

    /** @param recentBytes of recent events that the node remembers, so that a device that falls a little behind needs no store */
    public DeliveryNode(
            Node node,
            CommandLog log,
            EventStore store,
            QuestionLimits questionLimits,
            ListingThrottle listingThrottle,
            Duration patience,
            long recentBytes) {
        this.recent = new RecentEvents(recentBytes);
        this.listingThrottle = listingThrottle;
        this.node = node;
        this.patience = patience;
        this.questionLimits = questionLimits;
        this.log = log;
        this.replays = new Replays(store);
        this.routes = new Routes(node, log);
        this.cursors = new CursorReports(log);
        this.roundTrips = new RoundTrips(node, log, connections);
    }

    /**
     * Sends a question of no consequence on the way of every message: through the log, the engine and this node's deliveries. Called on any
     * thread.
     *
     * @return done when the answer is back, failed if the log does not take the question
     */
    public CompletableFuture<Void> roundTrip() {
        return roundTrips.start();
    }

    /**
     * A device connected. Called once per connection, before anything else of it.
     *
     * @param loop every call about the connection happens on it
     * @param terms what the device asks of its session
     */
    public DeviceSession connect(DeviceLink link, Loop loop, SessionTerms terms) {
        DeviceSession session = begin(link, loop, terms);
        session.open();
        return session;
    }

    /**
     * Somebody asks and publishes without a session: the engine hears of no device. Answers to what is asked come by {@link DeviceLink#reply}; nothing
     * else is delivered. Called on the loop.
     *
     * @param link its device's name is told with what is asked
     */
    public DeviceSession visit(DeviceLink link, Loop loop) {
        DeviceSession session = begin(link, loop, new SessionTerms(false, 0));
        session.visit();
        return session;
    }

    private DeviceSession begin(DeviceLink link, Loop loop, SessionTerms terms) {
        DeviceId device = link.device();
        Origin origin = Origin.newBuilder()
                .setUser(device.user().value())
                .setDevice(device.name())
                .setNode(node)
                .setConnection(connections.incrementAndGet())
                .build();
        Shard own = shards.computeIfAbsent(loop, one -> new Shard(one, cursors, routes));
        DeviceSession session = new DeviceSession(this, link, own, origin, terms);
        own.add(session);
        return session;
    }

    /** If the engine said that it may not know this node's connections, every connection tells that it is there: not all of them at once. */
    void announceIfUnknown() {
        if (unknown.getAndSet(false)) {
            shards.values().forEach(Shard::announce);
        }
    }

    /** Every connection ends, since what it was to get may be lost here: not all of them at once. */
    public void closeAll() {
        shards.values().forEach(Shard::closeAll);
    }

    /** Every connection ends, spread over {@code time}, since the node is being stopped. Called on any thread; returns at once. */
    public void drain(Duration time) {
        shards.values().forEach(shard -> shard.drain(time));
    }

    /** This life is over, because the node has lost its slot: every connection ends now, and nothing more is delivered. Called on any thread. */
    public void end() {
        ended = true;
        shards.values().forEach(Shard::end);
    }

    /** Whether something came for a later life of the slot: another process has it. */
    public boolean isSuperseded() {
        return superseded;
    }

    /** This life of the node. */
    public Node node() {
        return node;
    }

    /**
     * Lists a page of the conversations of a connection's user. Called on the connection's shard.
     *
     * @param answer called once on the shard, unless the connection ends before
     */
    public void list(Origin origin, ListingRequest request, Consumer<Reply> answer) {
        for (Shard own : shards.values()) {
            own.list(origin.getConnection(), request, answer);
        }
    }

    /** Where commands go. */
    public CommandLog log() {
        return log;
    }

    /** What was delivered in this life. */
    public DeliveryCounts counts() {
        return counts;
    }

    /** How many devices are connected now. Called on any thread. */
    public int connected() {
        return shards.values().stream().mapToInt(Shard::connected).sum();
    }

    /** How many of them have not got everything yet that there is for them. Called on any thread. */
    public int behind() {
        return shards.values().stream().mapToInt(Shard::behind).sum();
    }

    /**
     * Takes the next deliveries, in the order of the log. Called by one thread.
     *
     * @param batch key and delivery of each record
     * @return done when every shard has run the batch
     */
    public CompletableFuture<Void> deliver(List<Addressed> batch) {
        List<Shard.Task> tasks = new ArrayList<>(batch.size());
        for (Addressed addressed : batch) {
            // What comes behind it is for the later life, too.
            superseded |= addressed.delivery().getEpoch() > node.getEpoch();
            if (superseded) {
                end();
            }
            if (ended) {
                break;
            }
            Shard.Task task = understood(addressed);
            if (task != null) {
                tasks.add(task);
            }
        }
        return CompletableFuture.allOf(
                shards.values().stream().map(shard -> shard.run(tasks)).toArray(CompletableFuture[]::new));
    }

    /** A delivery and the conversation or user that it is about. */
    public record Addressed(String key, Delivery delivery) {}

    private Shard.@Nullable Task understood(Addressed addressed) {
        try {
            return task(addressed);
        } catch (RuntimeException e) {
            LOG.error(
                    "a delivery is passed over key={} kind={}",
                    addressed.key(),
                    addressed.delivery().getDeliveryCase(),
                    e);
            return null;
        }
    }

    private Shard.@Nullable Task task(Addressed addressed) {
        Delivery delivery = addressed.delivery();
        if (delivery.getEpoch() != 0 && delivery.getEpoch() != node.getEpoch()) {
            return null;
        }
        return switch (delivery.getDeliveryCase()) {
            case EVENT -> {
                ConversationId conversation = ConversationId.parse(addressed.key());
                SequencedEvent event = new SequencedEvent(
                        delivery.getEvent().getSeq(),
                        delivery.getEvent().getEvent().toByteArray());
                List<String> removed = delivery.getEvent().getRemovedList();
                routes.used(conversation);
                recent.add(conversation, event);
                yield shard -> shard.event(conversation, event, removed);
            }
            case ATTACHED -> {
                ConversationId conversation = ConversationId.parse(addressed.key());
                Attached attached = delivery.getAttached();
                if (roundTrips.isBack(attached)) {
                    yield null;
                }
                if (attached.getOrdinal() > 0) {
                    routes.opened(conversation, attached.getOrdinal(), attached.getHead());
                }
                yield attached(conversation, attached);
            }
            case SESSION_OPENED -> shard -> shard.opened(delivery.getSessionOpened());
            case ATTACHING_ALL -> shard -> shard.attaching(delivery.getAttachingAll());
            case REPLY -> shard -> shard.reply(delivery.getReply());
            case CLOSE -> shard -> shard.close(delivery.getClose());
            case SIGNAL -> {
                ConversationId conversation = ConversationId.parse(addressed.key());
                SignalFrames signal = new SignalFrames(conversation, delivery.getSignal());
                routes.used(conversation);
                yield shard -> shard.signal(conversation, signal);
            }
            case WOKEN -> shard -> shard.woken(delivery.getWoken());
            case LISTED -> shard -> shard.listed(delivery.getListed());
            case SUMMARY -> shard -> shard.summary(addressed.key(), delivery.getSummary());
            case NODE_HEARD -> {
                unknown.set(true);
                yield null;
            }
            case DELIVERY_NOT_SET -> null;
        };
    }

    /** For the connection's shard. If the connection has ended, here or by the time the shard comes to it, nobody wants the route. */
    private Shard.@Nullable Task attached(ConversationId conversation, Attached attached) {
        Runnable nobody = () -> {
            if (attached.getOrdinal() > 0) {
                routes.closed(conversation);
            }
        };
        for (Shard own : shards.values()) {
            if (own.has(attached.getConnection())) {
                return shard -> {
                    if (shard == own && !shard.attached(conversation, attached)) {
                        nobody.run();
                    }
                };
            }
        }
        nobody.run();
        return null;
    }

    Duration patience() {
        return patience;
    }

    QuestionLimits questionLimits() {
        return questionLimits;
    }

    ListingThrottle listingThrottle() {
        return listingThrottle;
    }

    Routes routes() {
        return routes;
    }

    /** The unbroken run of events from a seq on, as far as the node remembers it; what it may not trust is not in it. */
    List<SequencedEvent> recent(ConversationId conversation, int first, int limit) {
        return first > routes.since(conversation) ? recent.from(conversation, first, limit) : List.of();
    }

    /** An event that was read from the store, without what the node has seen deleted since. */
    SequencedEvent erased(ConversationId conversation, SequencedEvent stored) {
        return recent.erased(conversation, stored);
    }

    Replays replays() {
        return replays;
    }
}
