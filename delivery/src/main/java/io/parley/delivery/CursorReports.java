package io.parley.delivery;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.ReportCursors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The cursors that moved, gathered so that a conversation gets one command for all devices that are connected here. */
final class CursorReports {
    private static final long RETRY_MILLIS = 1000;

    private final CommandLog log;
    private final Shard shard;
    private final Map<ConversationId, Map<DeviceId, Cursor.Builder>> waiting = new LinkedHashMap<>();

    CursorReports(CommandLog log, Shard shard) {
        this.log = log;
        this.shard = shard;
    }

    /** The device acknowledged everything up to that seq. */
    void add(ConversationId conversation, DeviceId device, int seq) {
        cursor(conversation, device).setSeq(seq);
    }

    /** Its user read everything up to that seq. */
    void addRead(ConversationId conversation, DeviceId device, int seq) {
        cursor(conversation, device).setRead(seq);
    }

    private Cursor.Builder cursor(ConversationId conversation, DeviceId device) {
        return waiting.computeIfAbsent(conversation, key -> new LinkedHashMap<>())
                .computeIfAbsent(
                        device,
                        key -> Cursor.newBuilder().setUser(key.user().value()).setDevice(key.name()));
    }

    /** Sends what was gathered; again until the log takes it, since a device that has everything has nothing to say that would mend it. */
    void send() {
        send(conversation -> true);
    }

    /** Sends what was gathered of some conversations. */
    void send(Predicate<ConversationId> some) {
        waiting.entrySet().removeIf(entry -> {
            boolean now = some.test(entry.getKey());
            if (now) {
                ReportCursors.Builder report = ReportCursors.newBuilder();
                entry.getValue().values().forEach(report::addCursors);
                append(
                        entry.getKey(),
                        ConversationCommand.newBuilder()
                                .setReportCursors(report)
                                .build());
            }
            return now;
        });
    }

    /** A later report may come first: the engine moves nothing back. */
    private void append(ConversationId conversation, ConversationCommand report) {
        log.append(conversation, report, failure -> {
            if (failure != null) {
                shard.schedule(() -> append(conversation, report), RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }
}
