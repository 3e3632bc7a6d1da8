package io.parley.bridge.conversation.wake;

import io.parley.bridge.conversation.Change;
import io.parley.bridge.conversation.ConversationRows;
import io.parley.bridge.conversation.RowFamily;
import io.parley.bridge.conversation.Table;
import io.parley.bridge.state.Waking;
import io.parley.protocol.UserId;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Members whose user machines are told of the next event: a row for each. */
public final class WakeRows implements Table {
    private final ConversationRows rows;

    public WakeRows(ConversationRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean apply(Change change) {
        if (change instanceof Change.WakeAsked asked) {
            rows.put(
                    key(asked.user().value()),
                    Waking.newBuilder()
                            .setSignals(asked.signals())
                            .setCounted(true)
                            .build());
        } else if (change instanceof Change.Woken woken) {
            rows.delete(key(woken.user().value()));
        } else {
            return false;
        }
        return true;
    }

    @Override
    public void parted(String user) {
        rows.delete(key(user));
    }

    public Map<UserId, Waking> all() {
        Map<UserId, Waking> waking = new TreeMap<>();
        rows.users(RowFamily.WAKING)
                .forEach(user ->
                        waking.put(user, rows.get(key(user.value()), Waking.parser(), Waking.getDefaultInstance())));
        return waking;
    }

    public @Nullable Waking of(UserId user) {
        return rows.get(key(user.value()), Waking.parser());
    }

    private String key(String user) {
        return rows.key(RowFamily.WAKING, user);
    }
}
