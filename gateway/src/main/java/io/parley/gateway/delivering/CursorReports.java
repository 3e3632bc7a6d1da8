package io.parley.gateway.delivering;

import io.parley.gateway.CommandLog;
import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.ReportCursors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The cursors that moved, gathered from all shards so that a conversation gets one command a second for all devices that are connected here.
 * Called on any thread.
 */
final class CursorReports {
    /** A second's turns, so that not all conversations are reported at the same time. */
    static final int TURNS = 10;

    private final CommandLog log;
    private final Map<ConversationId, Map<DeviceId, Cursor.Builder>> waiting = new LinkedHashMap<>();
    /** Reports that the log has not answered yet, and who waits for that. */
    private final Map<ConversationId, List<List<Consumer<Boolean>>>> underWay = new HashMap<>();
    /** While a session's last words are gathered: the conversations that they are about. */
    private @Nullable Set<ConversationId> included;

    private @Nullable Shard pacemaker;
    private int turn;

    CursorReports(CommandLog log) {
        this.log = log;
    }

    /** The device acknowledged everything up to that seq. */
    synchronized void add(ConversationId conversation, DeviceSession session, int seq) {
        Cursor.Builder cursor = cursor(conversation, session);
        cursor.setSeq(Math.max(seq, cursor.getSeq()));
    }

    /** Everything up to that seq was written to the device, whose connection ended. */
    synchronized void addSent(ConversationId conversation, DeviceSession session, int seq) {
        Cursor.Builder cursor = cursor(conversation, session);
        cursor.setSent(Math.max(seq, cursor.getSent()));
    }

    /**
     * The device has everything up to that seq that is kept, and may not be reached here from now on.
     *
     * @param signals whether its user is to be woken by signals, too
     */
    synchronized void addSettled(ConversationId conversation, DeviceSession session, int seq, boolean signals) {
        Cursor.Builder cursor = cursor(conversation, session);
        cursor.setSettled(Math.max(seq, cursor.getSettled())).setSignals(signals);
    }

    /** Its user read everything up to that seq. */
    synchronized void addRead(ConversationId conversation, DeviceSession session, int seq) {
        Cursor.Builder cursor = cursor(conversation, session);
        cursor.setRead(Math.max(seq, cursor.getRead()));
    }

    private Cursor.Builder cursor(ConversationId conversation, DeviceSession session) {
        return cursor(conversation, session.link().device(), session.origin().getSession());
    }

    /** A device's cursors of two sessions are never mixed: the later one's replaces the other, which is gone. */
    private Cursor.Builder cursor(ConversationId conversation, DeviceId device, long session) {
        include(conversation);
        Map<DeviceId, Cursor.Builder> cursors = waiting.computeIfAbsent(conversation, key -> new LinkedHashMap<>());
        Cursor.Builder cursor = cursors.get(device);
        if (cursor == null || cursor.getSession() < session) {
            Cursor.Builder fresh = Cursor.newBuilder()
                    .setUser(device.user().value())
                    .setDevice(device.name())
                    .setSession(session);
            if (cursor != null) {
                fresh.setRead(cursor.getRead());
            }
            cursors.put(device, fresh);
            return fresh;
        }
        return cursor;
    }

    /** What waits of that conversation is sent with a session's last words, which are being gathered. */
    synchronized void include(ConversationId conversation) {
        if (included != null) {
            included.add(conversation);
        }
    }

    /** A turn is over for that shard: by the first shard's time what was gathered of the conversations whose turn comes now is sent. */
    synchronized void tick(Shard shard) {
        if (pacemaker == null) {
            pacemaker = shard;
        }
        if (pacemaker == shard) {
            turn = (turn + 1) % TURNS;
            // A list of its own: the log may refuse at once, by which a report waits again.
            send(waiting.keySet().stream()
                    .filter(conversation -> Math.floorMod(conversation.hashCode(), TURNS) == turn)
                    .toList());
        }
    }

    /** Sends what was gathered of some conversations at once. */
    private synchronized void send(Collection<ConversationId> some) {
        some.forEach(conversation -> send(conversation, () -> {}, taken -> {}));
    }

    /**
     * Sends what a session has to report at once.
     *
     * @param last adds it
     * @param done called once on any thread, with whether the log has all of it, and all that was said before of those conversations
     */
    synchronized void sendNow(Consumer<CursorReports> last, Consumer<Boolean> done) {
        Set<ConversationId> mine = new LinkedHashSet<>();
        included = mine;
        try {
            last.accept(this);
        } finally {
            included = null;
        }
        AtomicInteger open = new AtomicInteger(1);
        AtomicBoolean complete = new AtomicBoolean(true);
        Consumer<Boolean> settled = taken -> {
            if (!taken) {
                complete.set(false);
            }
            if (open.decrementAndGet() == 0) {
                done.accept(complete.get());
            }
        };
        for (ConversationId conversation : mine) {
            for (List<Consumer<Boolean>> earlier : underWay.getOrDefault(conversation, List.of())) {
                open.incrementAndGet();
                earlier.add(settled);
            }
            send(conversation, open::incrementAndGet, settled);
        }
        settled.accept(true);
    }

    /**
     * Until the log takes it, since a device that has everything has nothing to say that would mend it. A later report may come first: the
     * engine moves nothing back.
     */
    private void send(ConversationId conversation, Runnable sending, Consumer<Boolean> taken) {
        Map<DeviceId, Cursor.Builder> cursors = waiting.remove(conversation);
        if (cursors == null) {
            return;
        }
        RecordLimit.parts(
                        cursors.entrySet(), cursor -> cursor.getValue().build().getSerializedSize())
                .forEach(part -> {
                    sending.run();
                    send(conversation, part, taken);
                });
    }

    private void send(
            ConversationId conversation, List<Map.Entry<DeviceId, Cursor.Builder>> part, Consumer<Boolean> taken) {
        ReportCursors.Builder report = ReportCursors.newBuilder();
        part.forEach(cursor -> report.addCursors(cursor.getValue()));
        List<Consumer<Boolean>> waitingForIt = new ArrayList<>(List.of(taken));
        underWay.computeIfAbsent(conversation, key -> new ArrayList<>()).add(waitingForIt);
        log.append(
                conversation,
                ConversationCommand.newBuilder().setReportCursors(report).build(),
                failure -> {
                    if (failure != null) {
                        again(conversation, part);
                    }
                    arrived(conversation, waitingForIt);
                    waitingForIt.forEach(one -> one.accept(failure == null));
                });
    }

    /** From now on nobody begins to wait for it. */
    private synchronized void arrived(ConversationId conversation, List<Consumer<Boolean>> report) {
        underWay.computeIfPresent(conversation, (key, reports) -> {
            reports.removeIf(one -> one == report);
            return reports.isEmpty() ? null : reports;
        });
    }

    private synchronized void again(ConversationId conversation, List<Map.Entry<DeviceId, Cursor.Builder>> part) {
        part.forEach(entry -> {
            Cursor.Builder lost = entry.getValue();
            Cursor.Builder cursor = cursor(conversation, entry.getKey(), lost.getSession());
            if (cursor.getSession() == lost.getSession()) {
                cursor.setSeq(Math.max(lost.getSeq(), cursor.getSeq()));
                cursor.setSent(Math.max(lost.getSent(), cursor.getSent()));
                if (lost.hasSettled() && (!cursor.hasSettled() || cursor.getSettled() < lost.getSettled())) {
                    cursor.setSettled(lost.getSettled()).setSignals(lost.getSignals());
                }
            }
            cursor.setRead(Math.max(lost.getRead(), cursor.getRead()));
        });
    }
}
