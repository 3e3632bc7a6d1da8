package io.parley.bridge.conversation.notify;

import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.Notified;
import io.parley.bridge.state.Notifying;
import io.parley.protocol.UserId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which members' user machines are told each message, and which were: a row for each such member. */
public final class NotifyRows implements Table {
    private static final String EACH = "e";
    private static final String TOLD = "t";

    private final ConversationRows rows;

    public NotifyRows(ConversationRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.NotifyingSet set) {
            rows.put(key(EACH, set.user().value()), set.notifying());
            rows.delete(key(TOLD, set.user().value()));
        } else if (change instanceof Change.NotifyingEnded ended) {
            rows.delete(key(EACH, ended.user().value()));
            if (ended.seq() > 0) {
                rows.put(
                        key(TOLD, ended.user().value()),
                        Notified.newBuilder().setSeq(ended.seq()).build());
            }
        } else if (change instanceof Change.NotifiedEnded ended) {
            rows.delete(key(TOLD, ended.user().value()));
        } else {
            return false;
        }
        return true;
    }

    @Override
    public void parted(String user) {
        rows.delete(key(EACH, user));
        rows.delete(key(TOLD, user));
    }

    public @Nullable Notifying notifying(UserId user) {
        return rows.get(key(EACH, user.value()), Notifying.parser());
    }

    public @Nullable Notified notified(UserId user) {
        return rows.get(key(TOLD, user.value()), Notified.parser());
    }

    /** Those who are told each message, ascending, after that name. */
    public Map<UserId, Notifying> notifying(String after, int limit) {
        Map<UserId, Notifying> found = new TreeMap<>();
        users(EACH, after, limit)
                .forEach(user -> found.put(
                        user, rows.get(key(EACH, user.value()), Notifying.parser(), Notifying.getDefaultInstance())));
        return found;
    }

    /** Those who are told each message, or were, ascending, after that name. */
    public List<UserId> toldEach(String after, int limit) {
        return Stream.concat(users(EACH, after, limit).stream(), users(TOLD, after, limit).stream())
                .sorted()
                .limit(limit)
                .toList();
    }

    private List<UserId> users(String kind, String after, int limit) {
        return rows.users(RowFamily.NOTIFYING, after, limit, kind);
    }

    private String key(String kind, String user) {
        return rows.key(RowFamily.NOTIFYING, kind, user);
    }
}
