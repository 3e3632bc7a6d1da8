package io.parley.bridge.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.bridge.user.session.ConnectionRules;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.SubscribeFilter;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Attach;
import io.parley.protocol.log.Counted;
import io.parley.protocol.log.DeviceConnected;
import io.parley.protocol.log.DeviceDisconnected;
import io.parley.protocol.log.ExpectDevice;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.SessionOpened;
import io.parley.protocol.log.Settled;
import io.parley.protocol.log.SettledConversation;
import io.parley.protocol.log.Subscribe;
import io.parley.protocol.log.Subscription;
import io.parley.protocol.log.Wake;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sessions of ann's devices, told by the commands alone: who has each, what it subscribed to, and when it ends. */
final class SessionModel {
    private static final UserId ANN = UserId.parse("ann");
    private static final long MAX_EXPIRY_SECONDS = 30L * 24 * 3600;

    private record Waiting(Origin connection, boolean cleanStart, long expirySeconds, long dueMillis) {}

    private static final class Session {
        private final long number;
        private final Map<String, Subscription> filters = new TreeMap<>();
        private @Nullable Origin connection;
        private long expirySeconds;
        private long endsAtMillis;
        private boolean interrupted;
        private boolean cursors;
        private @Nullable Waiting waiting;

        Session(long number) {
            this.number = number;
        }

        boolean isOver(long nowMillis) {
            return connection == null && endsAtMillis <= nowMillis;
        }

        void left(boolean without, long nowMillis) {
            connection = null;
            interrupted = without;
            endsAtMillis = nowMillis + expirySeconds * 1000;
        }

        Set<Feed> feeds(@Nullable ConversationId conversation) {
            Set<Feed> feeds = EnumSet.noneOf(Feed.class);
            for (String filter : filters.keySet()) {
                SubscribeFilter parsed = SubscribeFilter.parse(filter, ANN);
                if (parsed instanceof SubscribeFilter.Mine mine) {
                    feeds.addAll(mine.feeds());
                } else if (parsed instanceof SubscribeFilter.One one
                        && one.conversation().equals(conversation)) {
                    feeds.addAll(one.feeds());
                }
            }
            return feeds;
        }

        Set<ConversationId> named(@Nullable Feed feed) {
            Set<ConversationId> named = new HashSet<>();
            for (String filter : filters.keySet()) {
                if (SubscribeFilter.parse(filter, ANN) instanceof SubscribeFilter.One one
                        && (feed == null || one.feeds().contains(feed))) {
                    named.add(one.conversation());
                }
            }
            return named;
        }
    }

    /** What a command should bring about. */
    final List<String> attached = new ArrayList<>();

    final List<String> expected = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    final List<String> opened = new ArrayList<>();
    /** Conversations that are asked to tell what comes, and what of them is known. */
    final List<String> asked = new ArrayList<>();
    /** Conversations of which a clean start is told that they are being attached. */
    final List<String> announced = new ArrayList<>();

    private final InboxModel inbox;
    private boolean unsettled;
    private final Map<String, Session> sessions = new TreeMap<>();
    /** For each session that ended: the conversations that are still to forget its cursor. */
    private final Map<String, Set<ConversationId>> toForget = new TreeMap<>();

    private final Set<ConversationId> conversations;
    private final Set<ConversationId> departed;
    private final Map<String, Long> numbers = new TreeMap<>();
    private long last;
    private long lastBefore;

    /**
     * @param conversations those that the user is in at the moment
     * @param departed those that the user left, and that still have cursors
     */
    SessionModel(Set<ConversationId> conversations, Set<ConversationId> departed) {
        this.conversations = conversations;
        this.departed = departed;
        this.inbox = new InboxModel(conversations);
    }

    void next() {
        lastBefore = last;
        attached.clear();
        expected.clear();
        closed.clear();
        opened.clear();
        asked.clear();
        announced.clear();
    }

    boolean isConnected() {
        return sessions.values().stream().anyMatch(session -> session.connection != null);
    }

    void connected(Origin origin, DeviceConnected command, long nowMillis) {
        Session before = sessions.get(origin.getDevice());
        if (before != null && isSame(before.connection, origin)) {
            return;
        }
        if (before != null
                && before.waiting == null
                && !command.getAgain()
                && isOfLifeBefore(before.connection, origin)) {
            before.left(true, nowMillis);
        }
        boolean there = before != null && !before.isOver(nowMillis);
        if (!there
                && sessions.values().stream()
                                .filter(session -> !session.isOver(nowMillis))
                                .count()
                        >= ConnectionRules.MAX_DEVICES) {
            closed.add(name(origin));
            return;
        }
        long expiry = Math.min(Integer.toUnsignedLong(command.getExpirySeconds()), MAX_EXPIRY_SECONDS);
        if (command.getAgain() && origin.getSession() != 0) {
            again(origin, before, expiry);
            return;
        }
        if (!there) {
            end(origin.getDevice());
        }
        Waiting waiting =
                new Waiting(origin, command.getCleanStart(), expiry, nowMillis + ConnectionRules.TAKE_OVER_MILLIS);
        if (there && before != null && before.connection != null) {
            takeOver(before, waiting);
        } else {
            open(origin.getDevice(), waiting, nowMillis);
        }
    }

    private void again(Origin origin, @Nullable Session before, long expiry) {
        if (before != null && (before.connection != null || before.number > origin.getSession())) {
            closed.add(name(origin));
            return;
        }
        Session session = before;
        if (session == null || session.number != origin.getSession()) {
            if (session != null) {
                end(origin.getDevice());
            }
            session = new Session(origin.getSession());
            sessions.put(origin.getDevice(), session);
            last = Math.max(last, session.number);
            toForget.remove(origin.getDevice() + " " + session.number);
        }
        take(session, origin, expiry);
        attachEverything(session);
    }

    private void takeOver(Session session, Waiting waiting) {
        Waiting earlier = session.waiting;
        if (earlier == null) {
            closed.add(name(session.connection));
            session.waiting = waiting;
        } else if (!isSame(earlier.connection(), waiting.connection())) {
            closed.add(name(earlier.connection()));
            session.waiting = new Waiting(
                    waiting.connection(), waiting.cleanStart(), waiting.expirySeconds(), earlier.dueMillis());
        }
    }

    private void open(String device, Waiting waiting, long nowMillis) {
        if (waiting.cleanStart()) {
            end(device);
        }
        Session session = sessions.get(device);
        SessionOpened.Builder answer =
                SessionOpened.newBuilder().setConnection(waiting.connection().getConnection());
        if (session == null) {
            // Two devices may begin at once, each with the same number.
            session = new Session(Math.max(lastBefore + 1, nowMillis));
            last = Math.max(last, session.number);
            assertThat(numbers.put(device, session.number))
                    .as("numbers of a device's sessions grow")
                    .satisfiesAnyOf(
                            earlier -> assertThat(earlier).isNull(),
                            earlier -> assertThat(earlier).isLessThan(last));
            sessions.put(device, session);
        } else {
            answer.setPresent(true).setInterrupted(session.interrupted);
            session.filters.values().forEach(answer::addSubscriptions);
        }
        opened.add(opened(answer.setSession(session.number).build()));
        take(session, waiting.connection(), waiting.expirySeconds());
        attachEverything(session);
        inbox.keep();
    }

    private static void take(Session session, Origin connection, long expirySeconds) {
        session.connection = connection;
        session.expirySeconds = expirySeconds;
        session.interrupted = false;
        session.cursors |= expirySeconds > 0;
        session.waiting = null;
    }

    private void end(String device) {
        Session session = sessions.remove(device);
        if (session != null && session.cursors) {
            Set<ConversationId> all = new HashSet<>(conversations);
            all.addAll(departed);
            all.addAll(session.named(null));
            toForget.put(device + " " + session.number, all);
        }
    }

    void disconnected(Origin origin, DeviceDisconnected command, long nowMillis) {
        Session session = sessions.get(origin.getDevice());
        if (session == null) {
            return;
        }
        if (session.waiting != null && isSame(session.waiting.connection(), origin)) {
            session.waiting = null;
        } else if (isSame(session.connection, origin)) {
            if (command.hasExpirySeconds() && session.expirySeconds != 0) {
                session.expirySeconds =
                        Math.min(Integer.toUnsignedLong(command.getExpirySeconds()), MAX_EXPIRY_SECONDS);
            }
            session.left(command.getIncomplete(), nowMillis);
            goOn(origin.getDevice(), session, nowMillis);
            unsettled |= command.getIncomplete();
        }
    }

    /** Nobody came back in time. If not all was heard of a connection, conversations are asked to tell what comes. */
    void offline() {
        if (unsettled) {
            inbox.told().forEach((conversation, told) -> asked.add(asked(conversation, told)));
        }
        unsettled = false;
    }

    static String asked(ConversationId conversation, int told) {
        return conversation + " " + told;
    }

    private void goOn(String device, Session session, long nowMillis) {
        Waiting waiting = session.waiting;
        session.waiting = null;
        if (session.isOver(nowMillis)) {
            end(device);
        }
        if (waiting != null) {
            open(device, waiting, nowMillis);
        }
    }

    void nodeGone(Node node, long nowMillis) {
        Map.copyOf(sessions).forEach((device, session) -> {
            if (session.waiting != null && isLost(session.waiting.connection(), node)) {
                session.waiting = null;
            }
            if (isLost(session.connection, node)) {
                unsettled = true;
                session.left(true, nowMillis);
                goOn(device, session, nowMillis);
            }
        });
    }

    void timeIsOver(long nowMillis) {
        new TreeMap<>(sessions).forEach((device, session) -> {
            if (session.waiting != null && session.waiting.dueMillis() <= nowMillis) {
                unsettled = true;
                session.left(true, nowMillis);
                goOn(device, session, nowMillis);
            } else if (session.isOver(nowMillis)) {
                end(device);
            }
        });
    }

    void subscribe(Origin origin, Subscribe command) {
        Session session = sessions.get(origin.getDevice());
        if (session == null || !isSame(session.connection, origin)) {
            return;
        }
        Set<Feed> before = session.feeds(null);
        List<ConversationId> moved = inbox.moved(session.number);
        for (Subscription one : command.getSubscriptionsList()) {
            boolean known = session.filters.put(one.getFilter(), one) != null;
            if (!known
                    && SubscribeFilter.parse(one.getFilter(), ANN) instanceof SubscribeFilter.One named
                    && named.feeds().contains(Feed.MSG)
                    && conversations.contains(named.conversation())) {
                inbox.takeUp(named.conversation(), session.number, numbers());
            }
        }
        if (command.getAttachBegun()) {
            named(command).stream()
                    .filter(conversation -> conversation.isDirect() && conversations.contains(conversation))
                    .forEach(conversation -> attach(conversation, session, session.feeds(conversation), false));
        }
        if (command.getAttachAll()) {
            subscribeToAll(session, before, moved, command.getCleanStart());
        }
    }

    /** A session that lasts gets its place everywhere, once; what asks for anything else new gets it of what moved. */
    private void subscribeToAll(Session session, Set<Feed> before, List<ConversationId> moved, boolean cleanStart) {
        Set<Feed> feeds = session.feeds(null);
        List<ConversationId> wanted = List.of();
        if (session.expirySeconds > 0 && feeds.contains(Feed.MSG) && !before.contains(Feed.MSG)) {
            wanted = List.copyOf(conversations);
            wanted.forEach(conversation -> inbox.takeUp(conversation, session.number, numbers()));
        } else if (!before.containsAll(feeds)) {
            wanted = moved;
        }
        for (ConversationId conversation : wanted) {
            attach(conversation, session, feeds, cleanStart);
            if (cleanStart) {
                announced.add(conversation.value());
            }
        }
    }

    private List<Long> numbers() {
        return sessions.values().stream().map(session -> session.number).toList();
    }

    /** Only who has everything of the conversation, or of whom it has not moved, is not attached there yet. */
    void wake(Wake wake, long nowMillis) {
        ConversationId conversation = ConversationId.parse(wake.getConversation());
        if (!conversations.contains(conversation)) {
            return;
        }
        sessions.forEach((device, session) -> {
            Set<Feed> feeds = session.feeds(conversation);
            if (session.connection != null && session.waiting == null) {
                if (!inbox.lacks(conversation, session.number) && !feeds.isEmpty()) {
                    boolean remembered = session.expirySeconds > 0;
                    attach(
                            conversation,
                            session,
                            wish(session, feeds)
                                    .setWoken(true)
                                    .setStartsAfter(wake.getSince())
                                    .setEndsWith(wake.getRemoved() && !remembered ? wake.getSeq() : 0));
                }
            } else if (wake.getUntilDelivered()) {
                expect(conversation, device, session, feeds, nowMillis);
            }
        });
        inbox.wake(conversation, wake.getSeq());
        if (wake.hasUnread()) {
            inbox.counted(conversation, wake.getUnread(), wake.getMentions());
        }
    }

    void counted(Counted counted) {
        ConversationId conversation = ConversationId.parse(counted.getConversation());
        if (conversations.contains(conversation)) {
            inbox.counted(conversation, counted.getUnread(), counted.getMentions());
        }
    }

    void settled(Origin origin, Settled settled) {
        Session session = sessions.get(origin.getDevice());
        if (session == null || !isSame(session.connection, origin)) {
            return;
        }
        for (SettledConversation one : settled.getConversationsList()) {
            ConversationId conversation = ConversationId.parse(one.getConversation());
            Set<Feed> feeds = session.feeds(conversation);
            boolean lacksNothing = inbox.settle(conversation, one.getSeq(), session.number, numbers());
            if (!lacksNothing && session.waiting == null && !feeds.isEmpty()) {
                attach(
                        conversation,
                        session,
                        wish(session, feeds).setWoken(true).setStartsAfter(one.getSeq()));
            }
        }
    }

    /** An older engine had the user, and left no rows of what moved. */
    void nothingIsKnownOfWhatMoved() {
        inbox.unknown();
    }

    private static Set<ConversationId> named(Subscribe command) {
        Set<ConversationId> named = new HashSet<>();
        for (Subscription one : command.getSubscriptionsList()) {
            if (SubscribeFilter.parse(one.getFilter(), ANN) instanceof SubscribeFilter.One filter) {
                named.add(filter.conversation());
            }
        }
        return named;
    }

    void unsubscribe(Origin origin, List<String> filters) {
        Session session = sessions.get(origin.getDevice());
        if (session != null && isSame(session.connection, origin)) {
            filters.forEach(session.filters::remove);
        }
    }

    void joined(ConversationId conversation, int seq, long nowMillis) {
        inbox.joined(conversation, seq);
        sessions.forEach((device, session) -> {
            Set<Feed> feeds = session.feeds(conversation);
            if (session.connection != null && session.waiting == null) {
                if (!feeds.isEmpty()) {
                    attach(conversation, session, feeds, false);
                }
            } else {
                expect(conversation, device, session, feeds, nowMillis);
            }
        });
    }

    private void expect(ConversationId conversation, String device, Session session, Set<Feed> feeds, long nowMillis) {
        if (!session.isOver(nowMillis) && session.expirySeconds > 0 && feeds.contains(Feed.MSG)) {
            expected.add(conversation + " "
                    + ExpectDevice.newBuilder()
                            .setUser("ann")
                            .setDevice(device)
                            .setSession(session.number)
                            .build());
        }
    }

    /** The user is not in the conversation any more. */
    void gone(ConversationId conversation) {
        inbox.left(conversation);
    }

    /** There is no cursor to forget. */
    void left(ConversationId conversation) {
        toForget.values().forEach(still -> still.remove(conversation));
    }

    void revoked() {
        sessions.values().forEach(this::closeAll);
    }

    void removed(String device, long nowMillis) {
        Session session = sessions.get(device);
        if (session != null && !session.isOver(nowMillis)) {
            closeAll(session);
            end(device);
        }
    }

    void erased() {
        List.copyOf(sessions.keySet()).forEach(device -> {
            closeAll(sessions.get(device));
            end(device);
        });
        last = 0;
        unsettled = false;
        numbers.clear();
        inbox.unknown();
        inbox.nothingIsUnread();
    }

    private void closeAll(@Nullable Session session) {
        if (session != null && session.connection != null) {
            closed.add(name(session.connection));
            if (session.waiting != null) {
                closed.add(name(session.waiting.connection()));
            }
        }
    }

    void forgotten(ConversationId conversation, String device, long session) {
        assertThat(sessions.containsKey(device) && sessions.get(device).number == session)
                .as("the session that is forgotten is over")
                .isFalse();
        toForget.getOrDefault(device + " " + session, new HashSet<>()).remove(conversation);
    }

    void everySessionThatEndedIsForgotten() {
        assertThat(toForget.values()).allMatch(Set::isEmpty);
    }

    /** What the session wants of what moved, of what it may be owed after a removal, and of where it asked by name who is there. */
    private void attachEverything(Session session) {
        Set<ConversationId> wanted = new HashSet<>();
        inbox.moved(session.number).stream()
                .filter(conversation -> !session.feeds(conversation).isEmpty())
                .forEach(wanted::add);
        departed.stream()
                .filter(conversation -> session.feeds(conversation).contains(Feed.MSG))
                .forEach(wanted::add);
        session.named(Feed.PRESENCE).forEach(wanted::add);
        wanted.forEach(conversation -> attach(conversation, session, session.feeds(conversation), false));
    }

    private static Attach.Builder wish(Session session, Set<Feed> feeds) {
        return Attach.newBuilder()
                .setWildcard(true)
                .setRightsOnly(!feeds.contains(Feed.MSG))
                .setReceipts(feeds.contains(Feed.RECEIPT))
                .setPresence(feeds.contains(Feed.PRESENCE))
                .setTransient(session.expirySeconds == 0);
    }

    private void attach(ConversationId conversation, Session session, Set<Feed> feeds, boolean cleanStart) {
        attach(conversation, session, wish(session, feeds).setCleanStart(cleanStart));
    }

    private void attach(ConversationId conversation, Session session, Attach.Builder wish) {
        attached.add(attach(conversation, name(session.connection), session.number, wish.build()));
    }

    static String attach(ConversationId conversation, String connection, long session, Attach wish) {
        return conversation + " " + connection + " " + session + " " + wish;
    }

    /** Two answers that say the same, whatever the order of the filters. */
    static String opened(SessionOpened answer) {
        List<String> filters = answer.getSubscriptionsList().stream()
                .map(Subscription::toString)
                .sorted()
                .toList();
        return answer.toBuilder().clearSubscriptions().build() + " " + filters;
    }

    static String name(@Nullable Origin origin) {
        return origin == null
                ? "nobody"
                : origin.getNode().getSlot() + " " + origin.getDevice() + " " + origin.getConnection();
    }

    private static boolean isSame(@Nullable Origin one, Origin other) {
        return one != null
                && one.toBuilder()
                        .clearSession()
                        .build()
                        .equals(other.toBuilder().clearSession().build());
    }

    private static boolean isLost(@Nullable Origin connection, Node node) {
        return connection != null
                && connection.getNode().getSlot() == node.getSlot()
                && connection.getNode().getEpoch() <= node.getEpoch();
    }

    private static boolean isOfLifeBefore(@Nullable Origin connection, Origin newcomer) {
        return connection != null
                && connection.getNode().getSlot() == newcomer.getNode().getSlot()
                && connection.getNode().getEpoch() < newcomer.getNode().getEpoch();
    }

    /** Fails unless the state holds these sessions and their filters, and no others. */
    void matches(UserState state) {
        inbox.matches(state);
        assertThat(state.devices().keySet()).isEqualTo(sessions.keySet());
        state.devices().forEach((name, device) -> {
            Session session = sessions.getOrDefault(name, new Session(0));
            Origin connection = session.connection;
            assertThat(device.getSession()).isEqualTo(session.number);
            assertThat(Connections.isConnected(device)).isEqualTo(connection != null);
            assertThat(connection == null || Connections.isSame(device, connection))
                    .as("the connection that has the session")
                    .isTrue();
            assertThat(device.hasNewcomer()).isEqualTo(session.waiting != null);
            assertThat(device.getEndsAtMillis()).isEqualTo(connection != null ? 0 : session.endsAtMillis);
            assertThat(state.filters(name, session.number).first(Integer.MAX_VALUE))
                    .as("what was subscribed to and not unsubscribed from")
                    .containsExactlyInAnyOrderElementsOf(session.filters.values());
        });
    }
}
