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
    private final Map<ConversationId, ReportCursors.Builder> waiting = new LinkedHashMap<>();

    CursorReports(CommandLog log) {
        this.log = log;
    }

    /** The device acknowledged everything up to that seq. */
    void add(ConversationId conversation, DeviceId device, int seq) {
        waiting.computeIfAbsent(conversation, key -> ReportCursors.newBuilder())
                .addCursors(Cursor.newBuilder()
                        .setUser(device.user().value())
                        .setDevice(device.name())
                        .setSeq(seq));
    }

    /** Sends what was gathered. What is lost with a log that is out costs a repeat after a reconnect, and the next report mends it. */
    void send() {
        waiting.forEach((conversation, cursors) -> log.append(
                conversation,
                ConversationCommand.newBuilder().setReportCursors(cursors).build(),
                failure -> {}));
        waiting.clear();
    }
}
