package io.parley.bridge.conversation.admission;

import io.parley.bridge.Rows;
import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.state.Asking;
import io.parley.bridge.state.Declined;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a conversation has while it is not decided who is in it: questions to user machines, members that declined. */
public final class AdmissionRows {
    private static final char ASKING = 'a';
    private static final char DECLINED = 'z';

    private final ConversationRows rows;

    public AdmissionRows(ConversationRows rows) {
        this.rows = rows;
    }

    /** Carries out a change; false: it is not one of these. */
    public boolean apply(Change change) {
        if (change instanceof Change.AskingSet set) {
            rows.put(rows.key(ASKING, set.user().value()), set.asking());
        } else if (change instanceof Change.AskingEnded ended) {
            rows.delete(rows.key(ASKING, ended.user().value()));
        } else if (change instanceof Change.DeclinedSet set) {
            rows.put(rows.key(DECLINED, set.user().value()), set.declined());
        } else if (change instanceof Change.DeclinedSettled settled) {
            rows.delete(rows.key(DECLINED, settled.user().value()));
        } else {
            return false;
        }
        return true;
    }

    public @Nullable Asking asking(UserId user) {
        return rows.get(rows.key(ASKING, user.value()), Asking.parser());
    }

    public boolean hasDeclined(UserId user) {
        return rows.has(rows.key(DECLINED, user.value()));
    }

    /** The first of those who declined. */
    public Map<UserId, Declined> declined(int limit) {
        Map<UserId, Declined> declined = new TreeMap<>();
        String prefix = rows.key(DECLINED, "");
        for (String key : rows.keys(prefix, prefix + Character.MAX_VALUE, limit)) {
            Declined row = rows.get(key, Declined.parser());
            if (row != null) {
                declined.put(UserId.parse(key.substring(prefix.length())), row);
            }
        }
        return declined;
    }

    /** The conversations of these rows that ask user machines. No row is read: one may be unreadable. */
    public static List<ConversationId> asking(Rows rows) {
        return conversations(rows, ASKING);
    }

    /** The groups of these rows with members that declined. No row is read. */
    public static List<ConversationId> declined(Rows rows) {
        return conversations(rows, DECLINED);
    }

    public static boolean hasDeclined(ConversationId id, Rows rows) {
        String prefix = DECLINED + "|" + id + "|";
        return !rows.keys(prefix, prefix + Character.MAX_VALUE, 1).isEmpty();
    }

    private static List<ConversationId> conversations(Rows rows, char family) {
        return rows.keys(family + "|").stream()
                .map(key -> ConversationId.parse(key.substring(2, key.indexOf('|', 2))))
                .distinct()
                .toList();
    }
}
