package io.parley.bridge.conversation.blocking;

import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Users;
import io.parley.protocol.UserId;

/** Which of the two of a conversation block the other: one row. */
public final class BlockerRows implements Table {
    private final ConversationRows rows;

    public BlockerRows(ConversationRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.BlockersSet set) {
            rows.putUnlessEmpty(rows.key(RowFamily.BLOCKERS), set.blockers());
            return true;
        }
        return false;
    }

    @Override
    public void erased(UserId user, Head.Builder head) {
        rows.putUnlessEmpty(rows.key(RowFamily.BLOCKERS), rows.usersWithout(RowFamily.BLOCKERS, user.value()));
    }

    public Users blockers() {
        return rows.get(rows.key(RowFamily.BLOCKERS), Users.parser(), Users.getDefaultInstance());
    }
}
