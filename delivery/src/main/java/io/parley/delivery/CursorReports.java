package io.parley.delivery;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.RecordLimit;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.ReportCursors;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private @Nullable Shard pacemaker;
    private int turn;

    CursorReports(CommandLog log) {
        this.log = log;
    }

    /** The device acknowledged everything up to that seq. */
    synchronized void add(ConversationId conversation, DeviceId device, int seq) {
        Cursor.Builder cursor = cursor(conversation, device);
        cursor.setSeq(Math.max(seq, cursor.getSeq()));
    }

    /** Its user read everything up to that seq. */
    synchronized void addRead(ConversationId conversation, DeviceId device, int seq) {
        Cursor.Builder cursor = cursor(conversation, device);
        cursor.setRead(Math.max(seq, cursor.getRead()));
    }

    private Cursor.Builder cursor(ConversationId conversation, DeviceId device) {
        return waiting.computeIfAbsent(conversation, key -> new LinkedHashMap<>())
                .computeIfAbsent(
                        device,
                        key -> Cursor.newBuilder().setUser(key.user().value()).setDevice(key.name()));
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
    synchronized void send(Collection<ConversationId> some) {
        for (ConversationId conversation : some) {
            Map<DeviceId, Cursor.Builder> cursors = waiting.remove(conversation);
            if (cursors != null) {
                RecordLimit.parts(
                                cursors.entrySet(),
                                cursor -> cursor.getValue().build().getSerializedSize())
                        .forEach(part -> send(conversation, part));
            }
        }
    }

    /**
     * Until the log takes it, since a device that has everything has nothing to say that would mend it. A later report may come first: the
     * engine moves nothing back.
     */
    private void send(ConversationId conversation, List<Map.Entry<DeviceId, Cursor.Builder>> cursors) {
        ReportCursors.Builder report = ReportCursors.newBuilder();
        cursors.forEach(cursor -> report.addCursors(cursor.getValue()));
        log.append(
                conversation,
                ConversationCommand.newBuilder().setReportCursors(report).build(),
                failure -> {
                    if (failure != null) {
                        again(conversation, cursors);
                    }
                });
    }

    private synchronized void again(ConversationId conversation, List<Map.Entry<DeviceId, Cursor.Builder>> cursors) {
        cursors.forEach(cursor -> {
            add(conversation, cursor.getKey(), cursor.getValue().getSeq());
            addRead(conversation, cursor.getKey(), cursor.getValue().getRead());
        });
    }
}
