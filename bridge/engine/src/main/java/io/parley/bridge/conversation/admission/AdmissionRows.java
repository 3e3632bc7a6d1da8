package io.parley.bridge.conversation.admission;

import io.parley.bridge.Rows;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.Asking;
import io.parley.bridge.state.Declined;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a conversation has while it is not decided who is in it: questions to user machines, members that declined. */
public final class AdmissionRows implements Table {
    private final ConversationRows rows;

    public AdmissionRows(ConversationRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.AskingSet set) {
            rows.put(rows.key(RowFamily.ASKING, set.user().value()), set.asking());
        } else if (change instanceof Change.AskingEnded ended) {
            rows.delete(rows.key(RowFamily.ASKING, ended.user().value()));
        } else if (change instanceof Change.DeclinedSet set) {
            rows.put(rows.key(RowFamily.DECLINED, set.user().value()), set.declined());
        } else if (change instanceof Change.DeclinedSettled settled) {
            rows.delete(rows.key(RowFamily.DECLINED, settled.user().value()));
        } else {
            return false;
        }
        return true;
    }

    @Override
    public void parted(String user) {
        rows.delete(rows.key(RowFamily.DECLINED, user));
    }

    public @Nullable Asking asking(UserId user) {
        return rows.get(rows.key(RowFamily.ASKING, user.value()), Asking.parser());
    }

    public boolean hasDeclined(UserId user) {
        return rows.has(rows.key(RowFamily.DECLINED, user.value()));
    }

    /** The first of those who declined. */
    public Map<UserId, Declined> declined(int limit) {
        Map<UserId, Declined> declined = new TreeMap<>();
        for (UserId user : rows.users(RowFamily.DECLINED, "", limit)) {
            Declined row = rows.get(rows.key(RowFamily.DECLINED, user.value()), Declined.parser());
            if (row != null) {
                declined.put(user, row);
            }
        }
        return declined;
    }

    /** The conversations of these rows that ask user machines. No row is read: one may be unreadable. */
    public static List<ConversationId> asking(Rows rows) {
        return conversations(rows, RowFamily.ASKING);
    }

    /** The groups of these rows with members that declined. No row is read. */
    public static List<ConversationId> declined(Rows rows) {
        return conversations(rows, RowFamily.DECLINED);
    }

    public static boolean hasDeclined(ConversationId id, Rows rows) {
        String prefix = RowFamily.DECLINED.prefix() + id + "|";
        return !rows.keys(prefix, prefix + Character.MAX_VALUE, 1).isEmpty();
    }

    private static List<ConversationId> conversations(Rows rows, RowFamily family) {
        return rows.keys(family.prefix()).stream()
                .map(key -> ConversationId.parse(key.substring(2, key.indexOf('|', 2))))
                .distinct()
                .toList();
    }
}
