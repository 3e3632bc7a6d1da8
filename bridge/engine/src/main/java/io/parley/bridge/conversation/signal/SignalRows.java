package io.parley.bridge.conversation.signal;

import io.parley.bridge.Rows;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Untold;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Presence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What devices are told outside of the sequence: members' pointers, who is there while somebody watches, and what of both is still to be told. */
public final class SignalRows implements Table {
    private final ConversationRows rows;

    public SignalRows(ConversationRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.PointersMoved moved) {
            rows.put(rows.key(RowFamily.POINTERS, moved.user().value()), moved.pointers());
        } else if (change instanceof Change.PresenceSeen seen) {
            rows.put(rows.key(RowFamily.PRESENCE, seen.presence().getUser()), seen.presence());
        } else if (change instanceof Change.WatchSet set) {
            if (!set.on()) {
                rows.deleteAll(rows.key(RowFamily.PRESENCE));
            }
        } else if (change instanceof Change.UntoldSet set) {
            rows.putUnlessEmpty(rows.key(RowFamily.UNTOLD), set.untold());
        } else {
            return false;
        }
        return true;
    }

    /** Pointers stay: should the user come back, they must not move back. */
    @Override
    public void parted(String user) {
        rows.delete(rows.key(RowFamily.PRESENCE, user));
    }

    @Override
    public void erased(UserId user, Head.Builder head) {
        rows.delete(rows.key(RowFamily.POINTERS, user.value()));
    }

    @Override
    public void abandoned() {
        rows.deleteAll(rows.key(RowFamily.POINTERS));
    }

    public Pointers pointers(UserId user) {
        return rows.get(rows.key(RowFamily.POINTERS, user.value()), Pointers.parser(), Pointers.getDefaultInstance());
    }

    public @Nullable Presence presence(UserId user) {
        return rows.get(rows.key(RowFamily.PRESENCE, user.value()), Presence.parser());
    }

    public Untold untold() {
        return rows.get(rows.key(RowFamily.UNTOLD), Untold.parser(), Untold.getDefaultInstance());
    }

    /** The conversations of these rows whose devices are still to be told something. No row is read: one may be unreadable. */
    public static List<ConversationId> withUntold(Rows rows) {
        return ConversationRows.of(RowFamily.UNTOLD, rows);
    }
}
