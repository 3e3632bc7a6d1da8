package io.parley.bridge.conversation.retention;

import io.parley.bridge.Rows;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.DueRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.PurgeDue;
import io.parley.protocol.ConversationId;
import java.util.List;

/** When it is to be seen what all have, and up to where everything is gone. */
public final class PurgeRows implements Table {
    private final ConversationRows rows;
    private final DueRows due;

    public PurgeRows(ConversationRows rows, DueRows due) {
        this.rows = rows;
        this.due = due;
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.PurgeDueSet set) {
            due.move(DueRows.Kind.PURGE, dueMillis(), set.atMillis());
            rows.putUnlessEmpty(
                    rows.key(RowFamily.PURGE_DUE),
                    PurgeDue.newBuilder().setAtMillis(set.atMillis()).build());
        } else if (change instanceof Change.Purged purged) {
            rows.putHead(rows.head().toBuilder().setPurged(purged.through()).build());
        } else {
            return false;
        }
        return true;
    }

    /** Epoch milliseconds; 0: not at all. */
    public long dueMillis() {
        return rows.get(rows.key(RowFamily.PURGE_DUE), PurgeDue.parser(), PurgeDue.getDefaultInstance())
                .getAtMillis();
    }

    /** The conversations of these rows that have a time at which it is to be seen what all have. No row is read: one may be unreadable. */
    public static List<ConversationId> withDue(Rows rows) {
        return ConversationRows.of(RowFamily.PURGE_DUE, rows);
    }

    /** Whether that conversation has one. No row is read. */
    public static boolean hasDue(ConversationId id, Rows rows) {
        return rows.get(RowFamily.PURGE_DUE.prefix() + id) != null;
    }
}
