package io.parley.bridge.conversation.unread;

import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.conversation.Unread;
import io.parley.bridge.state.UnreadCount;
import io.parley.protocol.UserId;

/** What each member's user machine was told to be unread: a row for each who has not read everything. */
public final class ToldRows implements Table {
    private final ConversationRows rows;

    public ToldRows(ConversationRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.CountTold told) {
            rows.putUnlessEmpty(key(told.user().value()), told.unread().row());
            return true;
        }
        return false;
    }

    @Override
    public void parted(String user) {
        rows.delete(key(user));
    }

    public Unread of(UserId user) {
        return Unread.of(rows.get(key(user.value()), UnreadCount.parser(), UnreadCount.getDefaultInstance()));
    }

    private String key(String user) {
        return rows.key(RowFamily.TOLD, user);
    }
}
