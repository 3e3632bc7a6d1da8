package io.parley.bridge.conversation.dormancy;

import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.DueRows;
import io.parley.bridge.conversation.Table;

/** When rows whose window is over are dropped next, in the head. */
public final class SweepRows implements Table {
    private final ConversationRows rows;
    private final DueRows due;

    public SweepRows(ConversationRows rows, DueRows due) {
        this.rows = rows;
        this.due = due;
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.SweepSet set) {
            due.move(DueRows.Kind.SWEEP, rows.head().getSweepDueMillis(), set.dueMillis());
            rows.putHead(rows.head().toBuilder()
                    .setSweepDueMillis(set.dueMillis())
                    .setSwept(set.swept())
                    .setSweepThrough(set.through())
                    .build());
            return true;
        }
        return false;
    }
}
