package io.parley.gateway.delivering;

import io.parley.gateway.Loop;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.AttachingAll;
import io.parley.protocol.log.CloseConnection;
import io.parley.protocol.log.Listed;
import io.parley.protocol.log.ReplyDelivery;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.Summary;
import io.parley.protocol.log.Woken;
import io.parley.protocol.wire.Reply;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions of one loop. What is not concurrent is touched on that loop only. */
final class Shard {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    /** One delivery, prepared for every shard. */
    interface Task {
        void run(Shard shard);
    }

    /** With the way to the log, an acknowledgement is durable within a second. */
    private static final long TURN_MILLIS = 85;

    /** How often each session has its turn. */
    static final long ROUND_MILLIS = TURN_MILLIS * CursorReports.TURNS;

    /** So many sessions are announced or closed in one go when all of them are to be. */
    static final int SLICE = 50;

    /** Between two slices at least, and twice as long at most. */
    static final long SLICE_MILLIS = 100;

    /** A prime: what it makes of the numbers of connections looks random. */
    private static final long SLICE_JITTER = 7919;

    private static final long TYPING_NANOS = TimeUnit.SECONDS.toNanos(6);

    private record Typist(ConversationId conversation, String user) {}

    private record Heard(SignalFrames signal, long nanos) {}

    private final Loop loop;
    private final Map<Long, DeviceSession> sessions = new ConcurrentHashMap<>();
    private final Map<ConversationId, Set<DeviceSession>> listeners = new HashMap<>();
    private final Map<Typist, Heard> typing = new HashMap<>();
    private final Set<DeviceSession> written = new LinkedHashSet<>();
    private final AtomicInteger behind = new AtomicInteger();
    private final Set<DeviceSession> moved = new LinkedHashSet<>();
    private final CursorReports cursors;
    private final Routes routes;
    private int turn;

    /**
     * @param cursors the node's, for all its shards
     * @param routes the node's
     */
    Shard(Loop loop, CursorReports cursors, Routes routes) {
        this.loop = loop;
        this.cursors = cursors;
        this.routes = routes;
        loop.schedule(this::tickOn, TURN_MILLIS);
    }

    void add(DeviceSession session) {
        sessions.put(session.connection(), session);
    }

    /** Where the shard's tasks run. */
    Loop loop() {
        return loop;
    }

    /** Done when the tasks have run; if the loop has ended, they never will. */
    CompletableFuture<Void> run(List<Task> tasks) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean running = loop.execute(() -> {
            try {
                runNow(tasks);
            } finally {
                done.complete(null);
            }
        });
        return running ? done : CompletableFuture.completedFuture(null);
    }

    private void runNow(List<Task> tasks) {
        for (Task task : tasks) {
            try {
                task.run(this);
            } catch (RuntimeException e) {
                LOG.error("a delivery failed", e);
            }
        }
        flush();
    }

    /** Thrown on, a failure would end the ticking for good. */
    private void tickOn() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.error("a turn failed", e);
        }
        loop.schedule(this::tickOn, TURN_MILLIS);
    }

    /** Sessions once a second; cursors are gathered each turn. */
    private void tick() {
        turn = (turn + 1) % CursorReports.TURNS;
        if (turn == 0) {
            endTyping();
            routes.tick(loop.nanoTime());
            each(sessions.values(), session -> session.tick(cursors));
        } else {
            each(moved, session -> session.report(cursors));
        }
        moved.clear();
        cursors.tick(this);
    }

    private static void each(Collection<DeviceSession> sessions, Consumer<DeviceSession> task) {
        for (DeviceSession session : sessions) {
            guarded(session, task);
        }
    }

    /** A failure is one session's: its connection is closed, since nobody knows its state, and it resumes from its cursors. */
    private static void guarded(DeviceSession session, Consumer<DeviceSession> task) {
        try {
            task.accept(session);
        } catch (RuntimeException e) {
            LOG.error("a session failed device={}", session.link().device(), e);
            try {
                session.close(DeviceLink.CloseReason.FAILED);
            } catch (RuntimeException again) {
                LOG.error(
                        "a failed session cannot be closed device={}",
                        session.link().device(),
                        again);
            }
        }
    }

    /**
     * What a session has to report is sent at once.
     *
     * @param last adds it
     * @param done called once on any thread: true when the log has all of it
     */
    void reportNow(Consumer<CursorReports> last, Consumer<Boolean> done) {
        cursors.sendNow(last, done);
    }

    /** The session has something to report. */
    void moved(DeviceSession session) {
        moved.add(session);
    }

    /** The session wants the conversation's events. */
    void listen(ConversationId conversation, DeviceSession session) {
        listeners.computeIfAbsent(conversation, key -> new LinkedHashSet<>()).add(session);
    }

    /** It wants them no more, or never did. */
    void ignore(ConversationId conversation, DeviceSession session) {
        listeners.computeIfPresent(conversation, (key, sessions) -> {
            sessions.remove(session);
            return sessions.isEmpty() ? null : sessions;
        });
    }

    /** How many sessions want the conversation's events. */
    int listeners(ConversationId conversation) {
        return listeners.getOrDefault(conversation, Set.of()).size();
    }

    /** The connection ended. */
    void remove(DeviceSession session) {
        sessions.remove(session.connection());
        moved.remove(session);
    }

    /** A device fell behind, or caught up. */
    void isBehind(boolean now) {
        behind.addAndGet(now ? 1 : -1);
    }

    /** Called on any thread. */
    int behind() {
        return behind.get();
    }

    /** Called on any thread. */
    int connected() {
        return sessions.size();
    }

    /** Whether the connection is one of these. Called on any thread. */
    boolean has(long connection) {
        return sessions.containsKey(connection);
    }

    void event(ConversationId conversation, SequencedEvent event, List<String> removed) {
        // A session that ends here takes itself out of the set.
        each(List.copyOf(listeners.getOrDefault(conversation, Set.of())), session -> {
            written.add(session);
            session.subscriptions().event(conversation, event, removed);
        });
    }

    void signal(ConversationId conversation, SignalFrames signal) {
        signal.typing().ifPresent(said -> {
            Typist typist = new Typist(conversation, said.getUser());
            if (said.getTyping()) {
                typing.put(typist, new Heard(signal, loop.nanoTime()));
            } else {
                typing.remove(typist);
            }
        });
        if (signal.connection() == 0) {
            show(conversation, signal);
            return;
        }
        DeviceSession session = sessions.get(signal.connection());
        if (session != null) {
            guarded(session, one -> one.signal(conversation, signal));
            written.add(session);
        }
    }

    private void show(ConversationId conversation, SignalFrames signal) {
        each(listeners.getOrDefault(conversation, Set.of()), session -> {
            session.signal(conversation, signal);
            written.add(session);
        });
    }

    /** Who said nothing for six seconds types no more. */
    private void endTyping() {
        long nowNanos = loop.nanoTime();
        List<Typist> ended = typing.entrySet().stream()
                .filter(entry -> nowNanos - entry.getValue().nanos() > TYPING_NANOS)
                .map(Map.Entry::getKey)
                .toList();
        for (Typist typist : ended) {
            Heard heard = typing.remove(typist);
            if (heard != null) {
                show(typist.conversation(), heard.signal().ended());
            }
        }
        flush();
    }

    private void flush() {
        each(written, DeviceSession::flush);
        written.clear();
    }

    /** Whether the connection is there still. */
    boolean attached(ConversationId conversation, Attached attached) {
        DeviceSession session = sessions.get(attached.getConnection());
        if (session != null) {
            guarded(session, one -> one.subscriptions().attached(conversation, attached));
        }
        return session != null;
    }

    void woken(Woken woken) {
        DeviceSession session = sessions.get(woken.getConnection());
        if (session != null) {
            guarded(
                    session,
                    one -> one.subscriptions()
                            .woken(
                                    ConversationId.parse(woken.getConversation()),
                                    new SequencedEvent(
                                            woken.getEvent().getSeq(),
                                            woken.getEvent().getEvent().toByteArray())));
            written.add(session);
        }
    }

    /** Nothing if the connection is none of these. */
    void list(long connection, ListingRequest request, Consumer<Reply> answer) {
        DeviceSession session = sessions.get(connection);
        if (session != null) {
            session.listings().list(request, answer);
        }
    }

    void listed(Listed listed) {
        DeviceSession session = sessions.get(listed.getConnection());
        if (session != null) {
            guarded(session, one -> one.listings().listed(listed));
        }
    }

    void summary(String conversation, Summary summary) {
        DeviceSession session = sessions.get(summary.getConnection());
        if (session != null) {
            guarded(session, one -> one.listings().summary(conversation, summary));
        }
    }

    void opened(SessionOpened opened) {
        DeviceSession session = sessions.get(opened.getConnection());
        if (session != null) {
            guarded(session, one -> one.opened(opened));
        }
    }

    void attaching(AttachingAll attaching) {
        DeviceSession session = sessions.get(attaching.getConnection());
        if (session != null) {
            guarded(
                    session,
                    one -> one.subscriptions()
                            .attaching(
                                    attaching.getConversationsList().stream()
                                            .map(ConversationId::parse)
                                            .toList(),
                                    attaching.getMore()));
        }
    }

    void reply(ReplyDelivery reply) {
        if (reply.getConnection() != 0) {
            DeviceSession session = sessions.get(reply.getConnection());
            if (session != null && isOf(session, reply)) {
                guarded(session, one -> one.reply(reply.getReply()));
            }
            return;
        }
        each(
                sessions.values().stream()
                        .filter(session -> isOf(session, reply))
                        .toList(),
                session -> session.reply(reply.getReply()));
    }

    private static boolean isOf(DeviceSession session, ReplyDelivery reply) {
        return session.link().device().user().value().equals(reply.getUser());
    }

    void close(CloseConnection close) {
        DeviceSession session = sessions.get(close.getConnection());
        if (session != null) {
            session.close(
                    switch (close.getReason()) {
                        case REMOVED -> DeviceLink.CloseReason.REMOVED;
                        case TOO_MANY_DEVICES -> DeviceLink.CloseReason.TOO_MANY_DEVICES;
                        case TOKEN_REVOKED -> DeviceLink.CloseReason.TOKEN_REVOKED;
                        case TAKEN_OVER, UNRECOGNIZED -> DeviceLink.CloseReason.TAKEN_OVER;
                    });
        }
    }

    /** All connections end now. */
    void end() {
        loop.execute(() -> each(List.copyOf(sessions.values()), Shard::closeLost));
    }

    /** All connections end, spread over a while. */
    void closeAll() {
        loop.execute(() -> spread(List.copyOf(sessions.values()), SLICE, Shard::closeLost));
    }

    /** All connections end, in slices that are large enough for all to have ended after that time. */
    void drain(Duration time) {
        loop.execute(() -> {
            List<DeviceSession> all = List.copyOf(sessions.values());
            // A slice waits for up to twice SLICE_MILLIS.
            long slices = Math.max(1, time.toMillis() / (2 * SLICE_MILLIS));
            int slice = (int) Math.max(SLICE, (all.size() + slices - 1) / slices);
            spread(all, slice, session -> session.close(DeviceLink.CloseReason.DRAINED));
        });
    }

    /** The engine may have forgotten these connections: each says that it is there, spread over a while. */
    void announce() {
        loop.execute(() -> spread(List.copyOf(sessions.values()), SLICE, DeviceSession::announce));
    }

    private static void closeLost(DeviceSession session) {
        session.close(DeviceLink.CloseReason.LOG_UNREACHABLE);
    }

    /** A slice now and the others one by one: after an outage all nodes do this at the same time, and devices that were closed come back. */
    private void spread(List<DeviceSession> all, int slice, Consumer<DeviceSession> task) {
        int now = Math.min(slice, all.size());
        each(all.subList(0, now), task);
        if (now < all.size()) {
            List<DeviceSession> rest = all.subList(now, all.size());
            // Uneven, so that nodes that begin together do not stay together.
            loop.schedule(
                    () -> spread(rest, slice, task),
                    SLICE_MILLIS + rest.get(0).connection() * SLICE_JITTER % SLICE_MILLIS);
        }
    }
}
