package io.parley.delivery;

import io.parley.protocol.ConversationId;
import io.parley.protocol.Feed;
import io.parley.protocol.log.Attached;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one connection still has to get. Holds positions, never events: a slow device falls behind in the log, not in memory. */
final class Outbox {
    /** Events that are taken from the node's memory at once. */
    private static final int RUN = 100;

    private static final int MAX_READS = 8;
    private static final int DAY_ROUNDS = (int) (TimeUnit.DAYS.toMillis(1) / Shard.ROUND_MILLIS);
    /** The most frames that a connection may have had un-acknowledged in one conversation. */
    private static final int MAX_UNACKNOWLEDGED = 100;

    private static final long[] RETRY_MILLIS = {20, 40, 80, 160, 320, 640, 1000};

    private final DeviceSession session;
    private final DeviceLink link;
    private final DeliveryNode node;
    private final Shard shard;
    private final Map<ConversationId, Subscription> subscriptions = new HashMap<>();
    private final Set<Subscription> behind = new LinkedHashSet<>();
    private final Set<Subscription> ending = new HashSet<>();
    private Set<Subscription> moved = new HashSet<>();
    /** It is not known what the connection before this one was sent. */
    private boolean interrupted;

    /** Subscriptions that are BEHIND. */
    private int lagging;

    /** Reads of the store that are under way, and the rows that they may bring. */
    private int reads;

    private int awaitedRows;
    private boolean unflushed;
    /** Until the device is said to live, as it was when it came; not the same time for all. */
    private int roundsLeft;

    Outbox(DeviceSession session, DeliveryNode node, Shard shard) {
        this.session = session;
        this.link = session.link();
        this.node = node;
        this.shard = shard;
        this.roundsLeft = DAY_ROUNDS / 2 + Math.floorMod(link.device().hashCode(), DAY_ROUNDS / 2);
    }

    /** @param interrupted whether the session's last connection ended without a word */
    void resumes(boolean interrupted) {
        this.interrupted = interrupted;
    }

    @Nullable
    Subscription find(ConversationId conversation) {
        return subscriptions.get(conversation);
    }

    /** All that are subscribed to. */
    Set<ConversationId> conversations() {
        return Set.copyOf(subscriptions.keySet());
    }

    boolean isEnding(ConversationId conversation) {
        Subscription subscription = subscriptions.get(conversation);
        return subscription != null && subscription.isEnding();
    }

    /** A subscription begins, or goes on although it was ending: the user was added again. */
    void attached(ConversationId conversation, Attached answer, int qos) {
        Subscription subscription = subscriptions.computeIfAbsent(conversation, id -> new Subscription(id, qos));
        ending.remove(subscription);
        subscription.head = Math.max(subscription.head, answer.getHead());
        subscription.rejoin(answer.getCursor() + 1);
        subscription.acknowledged = Math.max(subscription.acknowledged, answer.getCursor());
        subscription.reported = Math.max(subscription.reported, answer.getCursor());
        subscription.sentBefore = interrupted
                ? Math.min(answer.getHead(), Math.max(answer.getSent(), answer.getCursor() + MAX_UNACKNOWLEDGED))
                : answer.getSent();
        become(subscription, Subscription.State.BEHIND);
        advance(subscription);
        flush();
    }

    @Nullable
    Subscription remove(ConversationId conversation) {
        Subscription subscription = subscriptions.remove(conversation);
        if (subscription != null) {
            reportAtOnce(subscription);
            behind.remove(subscription);
            ending.remove(subscription);
            lagging(subscription.state == Subscription.State.BEHIND ? -1 : 0);
        }
        return subscription;
    }

    List<Subscription> removeAll() {
        List<Subscription> all = new ArrayList<>(subscriptions.values());
        subscriptions.clear();
        behind.clear();
        ending.clear();
        lagging(-lagging);
        return all;
    }

    private void become(Subscription subscription, Subscription.State state) {
        int before = subscription.state == Subscription.State.BEHIND ? 1 : 0;
        int after = state == Subscription.State.BEHIND ? 1 : 0;
        subscription.state = state;
        lagging(after - before);
    }

    private void lagging(int more) {
        boolean before = lagging > 0;
        lagging += more;
        if (before != lagging > 0) {
            shard.isBehind(!before);
        }
    }

    /** The user was removed with that event: nothing beyond it may be written. */
    void endAt(ConversationId conversation, int seq) {
        Subscription subscription = subscriptions.get(conversation);
        if (subscription != null) {
            subscription.endAt(seq);
            ending.add(subscription);
        }
    }

    /** Subscriptions of a removed user that got all that they may get; they are taken out. */
    List<Subscription> ended() {
        List<Subscription> over = ending.stream().filter(Subscription::isOver).toList();
        over.forEach(one -> remove(one.conversation));
        return over;
    }

    /** A new event of a conversation. Returns the subscription if it ended with it. */
    @Nullable
    Subscription live(ConversationId conversation, SequencedEvent event) {
        Subscription subscription = subscriptions.get(conversation);
        if (subscription == null) {
            return null;
        }
        subscription.head = Math.max(subscription.head, event.seq());
        // It may have caught up to its end since the last turn.
        if (subscription.state == Subscription.State.LIVE && !subscription.isOver()) {
            if (event.seq() == subscription.next && mayWrite(subscription)) {
                write(subscription, event);
            } else if (event.seq() >= subscription.next) {
                become(subscription, Subscription.State.BEHIND);
                advance(subscription);
            }
        }
        return subscription.isOver() ? remove(conversation) : null;
    }

    /** The device has everything of the conversation up to that seq, of what it was sent. */
    void acknowledge(ConversationId conversation, int seq) {
        Subscription subscription = subscriptions.get(conversation);
        if (subscription != null && seq > subscription.acknowledged && seq < subscription.next) {
            node.counts().acknowledged(seq - subscription.acknowledged);
            subscription.acknowledged = seq;
            moved.add(subscription);
        }
    }

    /** Goes on with what is behind, in turns. */
    void pump() {
        for (Subscription subscription : List.copyOf(behind)) {
            if (!mayWrite(subscription) || reads >= MAX_READS) {
                break;
            }
            behind.remove(subscription);
            advance(subscription);
        }
        flush();
    }

    /** Something else was queued at the link. */
    void flushNext() {
        unflushed = true;
    }

    void flush() {
        if (unflushed) {
            unflushed = false;
            link.flush();
        }
    }

    private boolean mayWrite(Subscription subscription) {
        return link.isWritable() && (subscription.qos == 0 || link.room() > 0);
    }

    private void write(Subscription subscription, SequencedEvent event) {
        subscription.next = event.seq() + 1;
        unflushed = true;
        node.counts().delivered();
        boolean duplicate = event.seq() <= subscription.sentBefore;
        link.send(
                new Frame(subscription.conversation, event, subscription.qos, duplicate),
                session.subscriptions().address(subscription.conversation, Feed.MSG));
    }

    /** Writes what the node remembers; what it does not is read from the store. */
    private void advance(Subscription subscription) {
        subscription.stepOver();
        while (subscription.next <= Math.min(subscription.head, subscription.last)) {
            if (!mayWrite(subscription)) {
                behind.add(subscription);
                return;
            }
            List<SequencedEvent> run = node.recent(subscription.conversation, subscription.next, RUN);
            if (run.isEmpty()) {
                read(subscription);
                return;
            }
            writeRun(subscription, run);
            subscription.stepOver();
        }
        subscription.emptyReads = 0;
        become(subscription, Subscription.State.LIVE);
        behind.remove(subscription);
    }

    private void writeRun(Subscription subscription, List<SequencedEvent> run) {
        for (SequencedEvent event : run) {
            boolean wanted =
                    event.seq() == subscription.next && event.seq() <= Math.min(subscription.head, subscription.last);
            if (!wanted || !mayWrite(subscription)) {
                return;
            }
            write(subscription, event);
        }
    }

    /** What is missing between the events of a page is kept no more, and stepped over. */
    private void writePage(Subscription subscription, EventPage page) {
        int reach = Math.min(subscription.head, subscription.last);
        for (SequencedEvent event : page.events()) {
            if (event.seq() < subscription.next) {
                continue;
            }
            if (event.seq() > reach || !mayWrite(subscription)) {
                return;
            }
            write(subscription, event);
        }
        subscription.next = Math.max(subscription.next, Math.min(page.through(), reach) + 1);
    }

    /** No more is read than the window has room for. */
    private void read(Subscription subscription) {
        if (subscription.reading) {
            return;
        }
        int room = subscription.qos == 0 ? RUN : link.room() - awaitedRows;
        int missing = Math.min(subscription.head, subscription.last) - subscription.next + 1;
        int rows = Math.min(Math.min(room, missing), subscription.pageRows);
        if (reads >= MAX_READS || rows <= 0) {
            behind.add(subscription);
            return;
        }
        subscription.reading = true;
        reads++;
        awaitedRows += rows;
        node.replays().read(shard, subscription.conversation, subscription.next - 1, rows, page -> {
            reads--;
            awaitedRows -= rows;
            readDone(subscription, page);
            pump();
        });
    }

    private void readDone(Subscription subscription, EventPage page) {
        subscription.reading = false;
        if (subscriptions.get(subscription.conversation) != subscription) {
            return;
        }
        subscription.sizePages(page);
        int before = subscription.next;
        writePage(subscription, page);
        if (subscription.next > before) {
            subscription.emptyReads = 0;
            advance(subscription);
        } else if (!mayWrite(subscription)) {
            behind.add(subscription);
        } else {
            retryLater(subscription);
        }
    }

    /** Storing lags behind, or the store is out: ask again, less and less often. */
    private void retryLater(Subscription subscription) {
        long millis = RETRY_MILLIS[Math.min(subscription.emptyReads, RETRY_MILLIS.length - 1)];
        subscription.emptyReads++;
        subscription.reading = true;
        shard.schedule(
                () -> {
                    subscription.reading = false;
                    if (subscriptions.get(subscription.conversation) == subscription) {
                        advance(subscription);
                        flush();
                    }
                },
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** Tells what was acknowledged since the last time. */
    void reportCursors(CursorReports reports) {
        moved.forEach(subscription -> report(subscription, reports));
        moved = new HashSet<>();
    }

    /** Called once a round; once a day it tells every cursor, by which the engine sees that the device lives. */
    void reportLife(CursorReports reports) {
        roundsLeft--;
        if (roundsLeft == 0) {
            roundsLeft = DAY_ROUNDS;
            subscriptions
                    .values()
                    .forEach(
                            subscription -> reports.add(subscription.conversation, session, subscription.acknowledged));
        }
    }

    /** The connection ended: tells what was acknowledged, and what more was sent. */
    void reportLast(CursorReports reports) {
        for (Subscription subscription : subscriptions.values()) {
            reports.include(subscription.conversation);
            report(subscription, reports);
            // What connections before this one were sent, too: this one may not have come so far.
            int sent = Math.max(subscription.next - 1, subscription.sentBefore);
            if (sent > subscription.acknowledged) {
                reports.addSent(subscription.conversation, session, sent);
            }
        }
    }

    private void report(Subscription subscription, CursorReports reports) {
        if (subscription.acknowledged > subscription.reported) {
            subscription.reported = subscription.acknowledged;
            reports.add(subscription.conversation, session, subscription.acknowledged);
        }
    }

    private void reportAtOnce(Subscription subscription) {
        shard.reportNow(reports -> report(subscription, reports), complete -> {});
    }
}
