package io.parley.gateway.delivering;

import com.google.protobuf.ByteString;
import io.parley.gateway.CommandLog;
import io.parley.gateway.subscribing.Filter;
import io.parley.gateway.subscribing.Permission;
import io.parley.gateway.throttling.ListingThrottle;
import io.parley.gateway.throttling.Rate;
import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.Delivery;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.EventDelivery;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.SettledConversation;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Deleted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A node on one shard, with a log and a store in memory; the test plays the engine. */
public final class DeliveryBench implements CommandLog, EventStore {
    static final long TICK_MILLIS = 1000;
    static final long LONGEST_RETRY_MILLIS = 1000;

    final List<ConversationCommand> commands = new ArrayList<>();
    final List<UserCommand> userCommands = new ArrayList<>();
    public final ManualLoop shard = new ManualLoop();
    public final DeliveryNode node;
    private final Map<ConversationId, TreeMap<Integer, SequencedEvent>> stored = new HashMap<>();
    private final Map<ConversationId, Integer> keptFrom = new HashMap<>();
    boolean storeIsOut;
    public boolean logIsOut;
    /** The partitions of the users that take heartbeats. */
    List<Integer> takingPartitions = List.of(0, 1);

    int reads;
    int rowsRead;
    private @Nullable List<Runnable> acknowledgements;
    private boolean holding;
    private final List<Runnable> held = new ArrayList<>();

    public DeliveryBench() {
        this(Duration.ofSeconds(5));
    }

    /** @param patience how long a device may acknowledge nothing; zero: for ever */
    DeliveryBench(Duration patience) {
        node = new DeliveryNode(
                Node.newBuilder().setSlot(0).setEpoch(1).build(),
                this,
                this,
                new QuestionLimits(Integer.MAX_VALUE, Integer.MAX_VALUE),
                new ListingThrottle(new Rate(Integer.MAX_VALUE, Duration.ofMinutes(1))),
                patience);
    }

    /** A new session, that lasts. */
    public DeviceSession connect(RecordedLink link) {
        return connect(link, false);
    }

    DeviceSession connect(RecordedLink link, boolean cleanStart) {
        return connect(link, cleanStart, SessionOpened.newBuilder().setSession(1));
    }

    /** The engine's answer is that one. */
    DeviceSession connect(RecordedLink link, boolean cleanStart, SessionOpened.Builder answer) {
        DeviceSession session = connectUnanswered(link, shard, cleanStart);
        opened(session, answer);
        return session;
    }

    /** The engine has not answered yet. */
    DeviceSession connectUnanswered(RecordedLink link, ManualLoop on, boolean cleanStart) {
        DeviceSession session = node.connect(link, on, new SessionTerms(cleanStart, SessionTerms.MAX_EXPIRY_SECONDS));
        link.serves(session);
        on.run();
        return session;
    }

    void opened(DeviceSession session, SessionOpened.Builder answer) {
        deliver(addressed(
                session.link().device().user().value(),
                Delivery.newBuilder().setSessionOpened(answer.setConnection(session.connection()))));
    }

    /** The device subscribes, and the engine answers that it has everything up to the cursor. */
    public void attach(DeviceSession session, ConversationId conversation, int qos, int cursor, int head) {
        subscribe(session, "chat/" + conversation + "/msg", qos, permission -> {});
        answer(session, conversation, cursor, head);
    }

    /** The device subscribes; what it is told does not matter. */
    public void subscribe(DeviceSession session, String filter) {
        subscribe(session, filter, 1, permission -> {});
    }

    void subscribe(DeviceSession session, String filter, int qos, Consumer<Permission> permission) {
        subscribe(session, options(filter, qos), permission);
    }

    void subscribe(DeviceSession session, Subscription.Builder options, Consumer<Permission> permission) {
        Filter wanted = Filter.of(options.build(), session.link().device().user());
        session.subscriptions().subscribe(List.of(wanted), permissions -> permissions.forEach(permission));
        shard.run();
    }

    static Subscription.Builder options(String filter, int qos) {
        return Subscription.newBuilder().setFilter(filter).setQos(qos);
    }

    /** Whether there was that very filter. */
    boolean unsubscribe(DeviceSession session, String filter) {
        List<Boolean> told = new ArrayList<>();
        session.subscriptions().unsubscribe(List.of(filter), were -> told.addAll(Objects.requireNonNull(were)));
        shard.run();
        return told.get(0);
    }

    void answer(DeviceSession session, ConversationId conversation, int cursor, int head) {
        answer(conversation, positive(session, cursor, head));
    }

    /** The user machine's attach for a wildcard subscription is answered. */
    void answerWildcard(DeviceSession session, ConversationId conversation, int cursor, int head) {
        answer(conversation, positive(session, cursor, head).setWildcard(true));
    }

    void deny(DeviceSession session, ConversationId conversation) {
        answer(conversation, Attached.newBuilder().setConnection(session.connection()));
    }

    /** The engine answers an attach. */
    public void answer(ConversationId conversation, Attached.Builder answer) {
        deliver(conversation, Delivery.newBuilder().setAttached(answer));
    }

    /** The answer to a member. */
    public static Attached.Builder positive(DeviceSession session, int cursor, int head) {
        return Attached.newBuilder()
                .setConnection(session.connection())
                .setMember(true)
                .setHead(head)
                .setCursor(cursor)
                .setOrdinal(1);
    }

    /** Events come live, and history does not have them yet. */
    void live(ConversationId conversation, int first, int last) {
        for (int seq = first; seq <= last; seq++) {
            event(conversation, seq, List.of());
        }
    }

    /** The event with which users are removed. */
    void removal(ConversationId conversation, int seq, UserId user) {
        event(conversation, seq, List.of(user.value()));
    }

    private void event(ConversationId conversation, int seq, List<String> removed) {
        deliver(conversation, delivery(seq, removed));
    }

    /** An event comes live that deletes others. */
    void deletion(ConversationId conversation, int seq, Deleted deleted) {
        deliver(
                conversation,
                Delivery.newBuilder()
                        .setEvent(EventDelivery.newBuilder()
                                .setSeq(seq)
                                .setEvent(deletion(seq, deleted).toByteString())));
    }

    /** History has the event that deletes others, and not what it does to them. */
    void storeDeletion(ConversationId conversation, int seq, Deleted deleted) {
        stored.computeIfAbsent(conversation, id -> new TreeMap<>())
                .put(seq, new SequencedEvent(seq, deletion(seq, deleted).toByteArray()));
    }

    private static ChatEvent deletion(int seq, Deleted deleted) {
        return ChatEvent.newBuilder().setSeq(seq).setDeleted(deleted).build();
    }

    /** History has a tombstone in the place of that event. */
    void erase(ConversationId conversation, int seq) {
        Objects.requireNonNull(stored.get(conversation))
                .computeIfPresent(seq, (same, event) -> Erasures.tombstone(event));
    }

    static Delivery.Builder delivery(int seq, List<String> removed) {
        return Delivery.newBuilder()
                .setEvent(EventDelivery.newBuilder()
                        .setSeq(seq)
                        .setEvent(bytes(seq))
                        .addAllRemoved(removed));
    }

    private void deliver(ConversationId conversation, Delivery.Builder delivery) {
        deliver(addressed(conversation.value(), delivery));
    }

    static DeliveryNode.Addressed addressed(String key, Delivery.Builder delivery) {
        return new DeliveryNode.Addressed(key, delivery.build());
    }

    /** One batch of deliveries. */
    void deliver(DeliveryNode.Addressed... batch) {
        var unused = node.deliver(List.of(batch));
        shard.run();
    }

    /** The device acknowledges the {@code i}th of its frames, for each, from 0. */
    void acknowledge(RecordedLink link, int... frames) {
        for (int frame : frames) {
            link.acknowledge(link.frames.get(frame));
        }
        shard.run();
    }

    static List<Integer> seqs(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    /** History has these events. */
    void store(ConversationId conversation, int first, int last) {
        for (int seq = first; seq <= last; seq++) {
            stored.computeIfAbsent(conversation, id -> new TreeMap<>())
                    .put(seq, new SequencedEvent(seq, bytes(seq).toByteArray()));
        }
    }

    /** History kept nothing below that seq. */
    void purge(ConversationId conversation, int first) {
        keptFrom.put(conversation, first);
        stored.getOrDefault(conversation, new TreeMap<>()).headMap(first).clear();
    }

    private static ByteString bytes(int seq) {
        return ChatEvent.newBuilder()
                .setSeq(seq)
                .setText("event " + seq)
                .build()
                .toByteString();
    }

    /** The cursors that the device reported, in their order, without those that say something else. */
    List<Integer> reported(ConversationId conversation) {
        return commands.stream()
                .filter(command -> command.hasReportCursors())
                .flatMap(command -> command.getReportCursors().getCursorsList().stream())
                .map(cursor -> cursor.getSeq())
                .filter(seq -> seq > 0)
                .toList();
    }

    /** The ordinals with which routes were closed, in their order. */
    List<Long> detached() {
        return commands.stream()
                .filter(command -> command.hasDetach())
                .map(command -> command.getDetach().getOrdinal())
                .toList();
    }

    /** What the device's user read, as it was reported, in its order; 0 where only a cursor was. */
    List<Integer> reportedReads() {
        return commands.stream()
                .filter(command -> command.hasReportCursors())
                .flatMap(command -> command.getReportCursors().getCursorsList().stream())
                .map(cursor -> cursor.getRead())
                .toList();
    }

    /** What the device was sent beyond that, as it was reported at its end. */
    List<Integer> reportedSent() {
        return commands.stream()
                .filter(command -> command.hasReportCursors())
                .flatMap(command -> command.getReportCursors().getCursorsList().stream())
                .map(cursor -> cursor.getSent())
                .filter(sent -> sent > 0)
                .toList();
    }

    /** Of what devices have everything, as it was reported, in its order. */
    List<Cursor> settlements() {
        return commands.stream()
                .filter(ConversationCommand::hasReportCursors)
                .flatMap(command -> command.getReportCursors().getCursorsList().stream())
                .filter(Cursor::hasSettled)
                .toList();
    }

    /** What user machines were told that connections do without, in its order. */
    List<SettledConversation> left() {
        return userCommands.stream()
                .flatMap(command -> command.getSettled().getConversationsList().stream())
                .toList();
    }

    /** The ends of connections, in their order. */
    List<DeviceDisconnected> farewells() {
        return userCommands.stream()
                .filter(UserCommand::hasDeviceDisconnected)
                .map(UserCommand::getDeviceDisconnected)
                .toList();
    }

    /** The filters that sessions got in the log, in their order. */
    List<String> recorded() {
        return userCommands.stream()
                .filter(UserCommand::hasSubscribe)
                .flatMap(command -> command.getSubscribe().getSubscriptionsList().stream())
                .map(Subscription::getFilter)
                .toList();
    }

    @Override
    public void append(ConversationId conversation, ConversationCommand command, Consumer<@Nullable Exception> done) {
        append(done, () -> commands.add(command));
    }

    @Override
    public void append(UserId user, UserCommand command, Consumer<@Nullable Exception> done) {
        append(done, () -> userCommands.add(command));
    }

    private void append(Consumer<@Nullable Exception> done, Runnable taking) {
        Exception failure = logIsOut ? new IllegalStateException("the log is out") : null;
        if (failure == null) {
            taking.run();
        }
        if (acknowledgements == null) {
            done.accept(failure);
        } else {
            acknowledgements.add(() -> done.accept(failure));
        }
    }

    /** The log keeps its answers back, until {@link #releaseLog}. */
    void holdLog() {
        acknowledgements = new ArrayList<>();
    }

    void releaseLog() {
        List<Runnable> all = Objects.requireNonNull(acknowledgements);
        acknowledgements = null;
        all.forEach(Runnable::run);
        shard.run();
    }

    @Override
    public void appendToAllUsers(UserCommand command, IntConsumer taken) {
        takingPartitions.forEach(taken::accept);
    }

    @Override
    public CompletionStage<EventPage> read(ConversationId conversation, int after, int limit) {
        reads++;
        if (storeIsOut) {
            return CompletableFuture.failedFuture(new IllegalStateException("the store is out"));
        }
        List<SequencedEvent> events =
                stored.getOrDefault(conversation, new TreeMap<>()).tailMap(after, false).values().stream()
                        .limit(limit)
                        .toList();
        rowsRead += events.size();
        int last = events.isEmpty() ? after : events.get(events.size() - 1).seq();
        EventPage page = new EventPage(events, Math.max(last, keptFrom.getOrDefault(conversation, 1) - 1));
        CompletableFuture<EventPage> answer = new CompletableFuture<>();
        if (holding) {
            held.add(() -> answer.complete(page));
        } else {
            answer.complete(page);
        }
        return answer;
    }

    @Override
    public CompletionStage<Integer> head(ConversationId conversation) {
        if (storeIsOut) {
            return CompletableFuture.failedFuture(new IllegalStateException("the store is out"));
        }
        TreeMap<Integer, SequencedEvent> events = stored.getOrDefault(conversation, new TreeMap<>());
        return CompletableFuture.completedFuture(
                Math.max(events.isEmpty() ? 0 : events.lastKey(), keptFrom.getOrDefault(conversation, 1) - 1));
    }

    /** The store keeps its answers back, until {@link #releaseReads}. */
    void holdReads() {
        holding = true;
    }

    void releaseReads() {
        holding = false;
        held.forEach(Runnable::run);
        held.clear();
        shard.run();
    }
}
