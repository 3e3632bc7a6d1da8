package io.parley.bridge.conversation;

import io.parley.bridge.OrderedKeys;
import io.parley.bridge.Rows;
import io.parley.protocol.ConversationId;
import java.util.ArrayList;
import java.util.List;

/** Which conversations have something to do at which time: a row for each, in the order of the times, so that what is due is found without looking at the rest. */
public final class DueRows {
    /** What is due. */
    public enum Kind {
        /** It is to be seen what all have. */
        PURGE("y"),
        /** Rows whose window is over are dropped. */
        SWEEP("s");

        private final String letter;

        Kind(String letter) {
            this.letter = letter;
        }
    }

    /**
     * What time brings to a conversation.
     *
     * @param sweep rows whose window is over are dropped; else it is to be seen what all have
     */
    public record Due(ConversationId id, boolean sweep) {}

    private static final String FAMILY = RowFamily.DUE.prefix();

    private final ConversationId id;
    private final ConversationRows rows;

    public DueRows(ConversationId id, ConversationRows rows) {
        this.id = id;
        this.rows = rows;
    }

    /** Moves it from one time to another; 0: it is not due. */
    public void move(Kind kind, long beforeMillis, long nowMillis) {
        if (beforeMillis == nowMillis) {
            return;
        }
        if (beforeMillis != 0) {
            rows.delete(key(kind, beforeMillis));
        }
        if (nowMillis != 0) {
            rows.putEmpty(key(kind, nowMillis));
        }
    }

    private String key(Kind kind, long millis) {
        return FAMILY + OrderedKeys.time(millis) + "|" + kind.letter + "|" + id;
    }

    /** What is due at that time, the earliest first. No row is read: one may be unreadable. */
    public static List<Due> due(Rows rows, long nowMillis, int limit) {
        List<Due> due = new ArrayList<>();
        for (String key : rows.keys(FAMILY, FAMILY + OrderedKeys.time(nowMillis + 1), limit)) {
            int kind = key.indexOf('|', FAMILY.length()) + 1;
            due.add(new Due(ConversationId.parse(key.substring(kind + 2)), key.startsWith(Kind.SWEEP.letter, kind)));
        }
        return due;
    }
}
