package io.parley.gateway.delivering;

import io.parley.protocol.ConversationId;
import io.parley.protocol.EventPage;
import io.parley.protocol.Feed;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.log.Attached;
import io.parley.protocol.log.SettledConversation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What one connection still has to get. Holds positions, never events: a slow device falls behind in the log, not in memory. */
final class Outbox {
    /** Events that are taken from the node's memory at once. */
    private static final int RUN = 100;

    private static final int MAX_READS = 8;
    /** The most frames that a connection may have had un-acknowledged in one conversation. */
    private static final int MAX_UNACKNOWLEDGED = 100;

    /** The most conversations that it is remembered of. */
    private static final int MAX_LEFT = 1_000;

    private static final long[] RETRY_MILLIS = {20, 40, 80, 160, 320, 640, 1000};

    private final DeviceSession session;
    private final DeviceLink link;
    private final DeliveryNode node;
    private final Shard shard;
    private final Cursors cursors;
    private final Stalls stalls;
    private final Map<ConversationId, Progress> byConversation = new HashMap<>();
    /**
     * What this connection left last: the engine may attach it again before it has heard what was sent and acknowledged here, and what is in flight may
     * still be acknowledged.
     */
    private final Map<ConversationId, Progress> left = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ConversationId, Progress> eldest) {
            return size() > MAX_LEFT;
        }
    };

    /** What the device showed to have of conversations that are not attached yet. */
    private final Map<ConversationId, Integer> claims = new HashMap<>();

    private final Set<Progress> behind = new LinkedHashSet<>();
    private final Set<Progress> ending = new HashSet<>();
    /** It is not known what the connection before this one was sent. */
    private boolean interrupted;

    /** Subscriptions that are BEHIND. */
    private int lagging;

    /** Reads of the store that are under way, and the rows that they may bring. */
    private int reads;

    private int awaitedRows;
    private boolean unflushed;

    Outbox(DeviceSession session, DeliveryNode node, Shard shard) {
        this.session = session;
        this.link = session.link();
        this.node = node;
        this.shard = shard;
        this.cursors = new Cursors(session, shard);
        this.stalls = new Stalls(session, node, shard, node.patience());
    }

    /** @param interrupted whether the session's last connection ended without a word */
    void resumes(boolean interrupted) {
        this.interrupted = interrupted;
    }

    @Nullable
    Progress find(ConversationId conversation) {
        return byConversation.get(conversation);
    }

    /** All that are subscribed to. */
    Set<ConversationId> conversations() {
        return Set.copyOf(byConversation.keySet());
    }

    boolean isEnding(ConversationId conversation) {
        Progress progress = byConversation.get(conversation);
        return progress != null && progress.isEnding();
    }

    /**
     * A progress begins, or goes on although it was ending: the user was added again. That of a user who is no member ends with what came
     * before the removal.
     */
    void attached(ConversationId conversation, Attached answer, int qos) {
        Progress progress = byConversation.computeIfAbsent(conversation, this::begin);
        progress.qos = qos;
        progress.attached(answer);
        Integer claim = claims.remove(conversation);
        if (claim != null) {
            progress.claim(claim);
            cursors.moved(progress);
        }
        if (progress.isEnding()) {
            ending.add(progress);
        } else {
            ending.remove(progress);
        }
        progress.usedNanos = shard.loop().nanoTime();
        progress.sentBefore = interrupted && !answer.getWoken()
                ? Math.min(answer.getHead(), Math.max(answer.getSent(), answer.getCursor() + MAX_UNACKNOWLEDGED))
                : answer.getSent();
        become(progress, Progress.State.BEHIND);
        advance(progress);
        flush();
    }

    /** An event of a conversation that is not subscribed to yet, of which the device has everything before it. What follows comes when it is. */
    void woken(ConversationId conversation, SequencedEvent event, int qos) {
        if (byConversation.containsKey(conversation) || claims.getOrDefault(conversation, 0) >= event.seq()) {
            return;
        }
        Progress progress = left.computeIfAbsent(conversation, Progress::new);
        progress.qos = qos;
        progress.next = Math.max(progress.next, event.seq());
        if (progress.next == event.seq() && mayWrite(progress)) {
            write(progress, event);
            progress.head = Math.max(progress.head, event.seq());
        }
    }

    private Progress begin(ConversationId conversation) {
        Progress before = left.remove(conversation);
        if (before == null) {
            return new Progress(conversation);
        }
        before.state = Progress.State.LIVE;
        before.settled = -1;
        return before;
    }

    @Nullable
    Progress remove(ConversationId conversation) {
        Progress progress = byConversation.remove(conversation);
        if (progress != null) {
            if (progress.isOver()) {
                progress.finish();
            }
            cursors.reportAtOnce(progress);
            behind.remove(progress);
            ending.remove(progress);
            lagging(progress.state == Progress.State.BEHIND ? -1 : 0);
            left.put(conversation, progress);
        }
        return progress;
    }

    List<Progress> removeAll() {
        List<Progress> all = new ArrayList<>(byConversation.values());
        byConversation.clear();
        behind.clear();
        ending.clear();
        lagging(-lagging);
        return all;
    }

    private void become(Progress progress, Progress.State state) {
        int before = progress.state == Progress.State.BEHIND ? 1 : 0;
        int after = state == Progress.State.BEHIND ? 1 : 0;
        progress.state = state;
        lagging(after - before);
        if (after == 0) {
            // It may have caught up, which is reported.
            cursors.moved(progress);
            shard.moved(session);
        }
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
        Progress progress = byConversation.get(conversation);
        if (progress != null) {
            progress.endAt(seq);
            ending.add(progress);
        }
    }

    /** Subscriptions of a removed user that acknowledged all that they may get; they are taken out. */
    List<Progress> ended() {
        List<Progress> over = ending.stream().filter(Progress::isOver).toList();
        over.forEach(one -> remove(one.conversation));
        return over;
    }

    /** A new event of a conversation. Returns the progress if it ended with it. */
    @Nullable
    Progress live(ConversationId conversation, SequencedEvent event) {
        Progress progress = byConversation.get(conversation);
        if (progress == null) {
            return null;
        }
        progress.head = Math.max(progress.head, event.seq());
        progress.usedNanos = shard.loop().nanoTime();
        // It may have caught up to its end since the last turn.
        if (progress.state == Progress.State.LIVE && !progress.isAtEnd()) {
            if (event.seq() == progress.next && mayWrite(progress)) {
                write(progress, event);
            } else if (event.seq() >= progress.next) {
                become(progress, Progress.State.BEHIND);
                advance(progress);
            }
        }
        return progress.isOver() ? remove(conversation) : null;
    }

    /** The device has everything of the conversation up to that seq, of what it was sent. */
    void acknowledge(ConversationId conversation, int seq) {
        Progress progress = byConversation.getOrDefault(conversation, left.get(conversation));
        if (progress != null && seq > progress.acknowledged && seq < progress.next) {
            node.counts().acknowledged(seq - progress.acknowledged);
            progress.acknowledged = seq;
            cursors.moved(progress);
            stalls.acknowledged();
        }
    }

    /** The device showed that it has everything up to that seq. */
    void claim(ConversationId conversation, int seq) {
        Progress progress = byConversation.get(conversation);
        if (progress == null) {
            claims.merge(conversation, seq, Math::max);
        } else {
            progress.claim(seq);
            cursors.moved(progress);
        }
    }

    /** Goes on with what is behind, in turns. */
    void pump() {
        for (Progress progress : List.copyOf(behind)) {
            if (!mayWrite(progress) || reads >= MAX_READS) {
                break;
            }
            behind.remove(progress);
            advance(progress);
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

    private boolean mayWrite(Progress progress) {
        return link.isWritable() && (progress.qos == 0 || link.room() > 0);
    }

    private void write(Progress progress, SequencedEvent event) {
        progress.next = event.seq() + 1;
        progress.written = event.seq();
        if (progress.qos > 0) {
            stalls.sent();
        }
        unflushed = true;
        node.counts().delivered();
        boolean duplicate = event.seq() <= progress.sentBefore;
        link.send(
                new Frame(progress.conversation, event, progress.qos, duplicate),
                session.subscriptions().address(progress.conversation, Feed.MSG));
    }

    /** Writes what the node remembers; what it does not is read from the store. */
    private void advance(Progress progress) {
        progress.stepOver();
        while (progress.next <= progress.reach()) {
            if (!mayWrite(progress)) {
                behind.add(progress);
                return;
            }
            List<SequencedEvent> run = node.recent(progress.conversation, progress.next, RUN);
            if (run.isEmpty()) {
                read(progress);
                return;
            }
            writeRun(progress, run);
            progress.stepOver();
        }
        progress.emptyReads = 0;
        become(progress, Progress.State.LIVE);
        behind.remove(progress);
    }

    private void writeRun(Progress progress, List<SequencedEvent> run) {
        for (SequencedEvent event : run) {
            boolean wanted = event.seq() == progress.next && event.seq() <= progress.reach();
            if (!wanted || !mayWrite(progress)) {
                return;
            }
            write(progress, event);
        }
    }

    /** What is missing between the events of a page is kept no more, and stepped over. */
    private void writePage(Progress progress, EventPage page) {
        int reach = progress.reach();
        for (SequencedEvent event : page.events()) {
            if (event.seq() < progress.next) {
                continue;
            }
            if (event.seq() > reach || !mayWrite(progress)) {
                return;
            }
            write(progress, event);
        }
        progress.next = Math.max(progress.next, Math.min(page.through(), reach) + 1);
    }

    /** No more is read than the window has room for. */
    private void read(Progress progress) {
        if (progress.reading) {
            return;
        }
        int room = progress.qos == 0 ? RUN : link.room() - awaitedRows;
        int missing = progress.reach() - progress.next + 1;
        int rows = Math.min(Math.min(room, missing), progress.pageRows);
        if (reads >= MAX_READS || rows <= 0) {
            behind.add(progress);
            return;
        }
        progress.reading = true;
        reads++;
        awaitedRows += rows;
        node.replays().read(shard, progress.conversation, progress.next - 1, rows, page -> {
            reads--;
            awaitedRows -= rows;
            readDone(progress, page);
            pump();
        });
    }

    private void readDone(Progress progress, EventPage page) {
        progress.reading = false;
        if (byConversation.get(progress.conversation) != progress) {
            return;
        }
        progress.sizePages(page);
        int before = progress.next;
        writePage(progress, page);
        if (progress.next > before) {
            progress.emptyReads = 0;
            advance(progress);
        } else if (!mayWrite(progress)) {
            behind.add(progress);
        } else {
            retryLater(progress);
        }
    }

    /** Storing lags behind, or the store is out: ask again, less and less often. */
    private void retryLater(Progress progress) {
        long millis = RETRY_MILLIS[Math.min(progress.emptyReads, RETRY_MILLIS.length - 1)];
        progress.emptyReads++;
        progress.reading = true;
        shard.loop()
                .schedule(
                        () -> {
                            progress.reading = false;
                            if (byConversation.get(progress.conversation) == progress) {
                                advance(progress);
                                flush();
                            }
                        },
                        millis);
    }

    /** Leaves conversations in which nothing happened for long, once the log has it that what comes there wakes the user machine. */
    void leaveIdle(Consumer<List<Progress>> left) {
        List<Progress> idle =
                byConversation.values().stream().filter(this::isIdle).toList();
        if (!idle.isEmpty()) {
            cursors.settleAll(idle, () -> {
                List<Progress> still = idle.stream()
                        .filter(one -> byConversation.get(one.conversation) == one && one.isSettled() && isIdle(one))
                        .toList();
                still.forEach(one -> remove(one.conversation));
                left.accept(still);
            });
        }
    }

    private boolean isIdle(Progress progress) {
        return progress.isCaughtUp()
                && shard.loop().nanoTime() - progress.usedNanos > Routes.IDLE_NANOS
                && !session.subscriptions().watches(progress.conversation);
    }

    /** What the device has everything of, as the log has been told, and up to where. */
    List<SettledConversation> settled() {
        return byConversation.values().stream()
                .filter(Progress::isSettled)
                .map(Outbox::settled)
                .toList();
    }

    static SettledConversation settled(Progress progress) {
        return SettledConversation.newBuilder()
                .setConversation(progress.conversation.value())
                .setSeq(progress.settled)
                .build();
    }

    /** Tells what was acknowledged since the last time. */
    void reportCursors(CursorReports reports) {
        cursors.report(reports);
    }

    /** Called once a round. */
    void reportLife(CursorReports reports) {
        cursors.reportLife(reports, byConversation.values());
        stalls.look(byConversation.values());
    }

    /** The connection ended: tells what was acknowledged, and what more was sent. */
    void reportLast(CursorReports reports) {
        cursors.reportLast(reports, byConversation.values());
        cursors.reportLast(reports, left.values());
    }
}
