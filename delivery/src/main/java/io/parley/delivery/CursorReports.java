package io.parley.delivery;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Cursor;
import io.parley.protocol.log.ReportCursors;
import java.util.LinkedHashMap;
import java.util.Map;

/** The cursors that moved, gathered so that a conversation gets one command for all devices that are connected here. */
final class CursorReports {
    private final CommandLog log;
    private final Map<ConversationId, Map<DeviceId, Cursor.Builder>> waiting = new LinkedHashMap<>();

    CursorReports(CommandLog log) {
        this.log = log;
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

    /** Sends what was gathered. What is lost with a log that is out costs a repeat after a reconnect, and the next report mends it. */
    void send() {
        waiting.forEach((conversation, cursors) -> {
            ReportCursors.Builder report = ReportCursors.newBuilder();
            cursors.values().forEach(report::addCursors);
            log.append(
                    conversation,
                    ConversationCommand.newBuilder().setReportCursors(report).build(),
                    failure -> {});
        });
        waiting.clear();
    }
}
