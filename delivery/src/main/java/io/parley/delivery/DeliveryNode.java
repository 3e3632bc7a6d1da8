package io.parley.delivery;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.ReplyDelivery;
import io.parley.protocol.log.UserCommand;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node in one of its lives: its connections, and the deliveries that come for them. Each connection belongs to a shard, a single
 * thread; a batch of deliveries is handed to every shard once, in order.
 */
public final class DeliveryNode {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryNode.class);
    private static final long RECENT_BYTES = 48L << 20;

    private final Node node;
    private final CommandLog log;
    private final EventStore store;
    private final Routes routes;
    private final RecentEvents recent = new RecentEvents(RECENT_BYTES);
    private final AtomicLong connections = new AtomicLong();
    private final Map<ScheduledExecutorService, Shard> shards = new ConcurrentHashMap<>();

    /**
     * @param node this life of the node
     * @param log where commands go
     * @param store where old events come from
     */
    public DeliveryNode(Node node, CommandLog log, EventStore store) {
        this.node = node;
        this.log = log;
        this.store = store;
        this.routes = new Routes(node, log);
    }

    /**
     * A device connected. Called once per connection, before anything else of it.
     *
     * @param shard the connection's single-threaded executor; every call about the connection happens on it
     * @param cleanStart the device starts now instead of at its cursor
     */
    public DeviceSession connect(DeviceLink link, ScheduledExecutorService shard, boolean cleanStart) {
        DeviceId device = link.device();
        Origin origin = Origin.newBuilder()
                .setUser(device.user().value())
                .setDevice(device.name())
                .setNode(node)
                .setConnection(connections.incrementAndGet())
                .build();
        DeviceSession session = new DeviceSession(this, link, shard, origin, cleanStart);
        shards.computeIfAbsent(shard, Shard::new).add(session);
        UserCommand connected = UserCommand.newBuilder()
                .setOrigin(origin)
                .setDeviceConnected(DeviceConnected.newBuilder().setCleanStart(cleanStart))
                .build();
        log.append(device.user(), connected, failure -> {});
        return session;
    }

    /** This life of the node. */
    public Node node() {
        return node;
    }

    /** Where commands go. */
    public CommandLog log() {
        return log;
    }

    /**
     * Takes the next deliveries, in the order of the log. Called by one thread.
     *
     * @param batch key and delivery of each record
     */
    public void deliver(List<Addressed> batch) {
        List<Task> tasks = batch.stream()
                .map(this::task)
                .filter(Objects::nonNull)
                .map(Task.class::cast)
                .toList();
        shards.values().forEach(shard -> shard.run(tasks));
    }

    /** A delivery and the conversation or user that it is about. */
    public record Addressed(String key, Delivery delivery) {}

    private interface Task {
        void run(Shard shard);
    }

    private @Nullable Task task(Addressed addressed) {
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
                if (attached.getMember()) {
                    routes.opened(conversation, attached.getOrdinal());
                }
                if (!isHere(attached)) {
                    if (attached.getMember()) {
                        routes.closed(conversation);
                    }
                    yield null;
                }
                yield shard -> shard.attached(conversation, attached);
            }
            case REPLY -> shard -> shard.reply(delivery.getReply());
            case CLOSE -> shard -> shard.close(delivery.getClose().getConnection());
            case DELIVERY_NOT_SET -> null;
        };
    }

    private boolean isHere(Attached attached) {
        return shards.values().stream().anyMatch(shard -> shard.sessions.containsKey(attached.getConnection()));
    }

    void disconnected(DeviceSession session) {
        Shard shard = shards.get(session.shard());
        if (shard != null) {
            shard.sessions.remove(session.connection());
        }
    }

    Routes routes() {
        return routes;
    }

    RecentEvents recent() {
        return recent;
    }

    EventStore store() {
        return store;
    }

    /** The session wants the conversation's events. Called on its shard. */
    void listen(ConversationId conversation, DeviceSession session) {
        shard(session)
                .listeners
                .computeIfAbsent(conversation, key -> new LinkedHashSet<>())
                .add(session);
    }

    /** It wants them no more, or never did. */
    void ignore(ConversationId conversation, DeviceSession session) {
        shard(session).listeners.computeIfPresent(conversation, (key, sessions) -> {
            sessions.remove(session);
            return sessions.isEmpty() ? null : sessions;
        });
    }

    private Shard shard(DeviceSession session) {
        return shards.computeIfAbsent(session.shard(), Shard::new);
    }

    /** The sessions of one thread. What is not concurrent is touched on that thread only. */
    private final class Shard {
        private final ScheduledExecutorService thread;
        private final Map<Long, DeviceSession> sessions = new ConcurrentHashMap<>();
        private final Map<ConversationId, Set<DeviceSession>> listeners = new HashMap<>();
        private final Set<DeviceSession> written = new LinkedHashSet<>();
        private final CursorReports cursors = new CursorReports(log);

        Shard(ScheduledExecutorService thread) {
            this.thread = thread;
            var unused = thread.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
        }

        void add(DeviceSession session) {
            sessions.put(session.connection(), session);
        }

        void run(List<Task> tasks) {
            thread.execute(() -> {
                for (Task task : tasks) {
                    try {
                        task.run(this);
                    } catch (RuntimeException e) {
                        LOG.error("a delivery failed", e);
                    }
                }
                written.forEach(DeviceSession::flush);
                written.clear();
            });
        }

        private void tick() {
            sessions.values().forEach(session -> session.tick(cursors));
            cursors.send();
        }

        void event(ConversationId conversation, SequencedEvent event, List<String> removed) {
            // A session that ends here takes itself out of the set.
            for (DeviceSession session : List.copyOf(listeners.getOrDefault(conversation, Set.of()))) {
                session.event(conversation, event, removed);
                written.add(session);
            }
        }

        void attached(ConversationId conversation, Attached attached) {
            DeviceSession session = sessions.get(attached.getConnection());
            if (session != null) {
                session.attached(conversation, attached);
            }
        }

        void reply(ReplyDelivery reply) {
            if (reply.getConnection() != 0) {
                DeviceSession session = sessions.get(reply.getConnection());
                if (session != null && isOf(session, reply)) {
                    session.reply(reply.getReply());
                }
                return;
            }
            sessions.values().stream()
                    .filter(session -> isOf(session, reply))
                    .forEach(session -> session.reply(reply.getReply()));
        }

        private static boolean isOf(DeviceSession session, ReplyDelivery reply) {
            return session.link().device().user().value().equals(reply.getUser());
        }

        void close(long connection) {
            DeviceSession session = sessions.get(connection);
            if (session != null) {
                session.close(DeviceLink.CloseReason.TAKEN_OVER);
            }
        }
    }
}
