package io.parley.bridge.user.push;

import io.parley.bridge.OrderedKeys;
import io.parley.bridge.Rows;
import io.parley.bridge.state.BadgeRow;
import io.parley.bridge.state.MuteRow;
import io.parley.bridge.state.PushSettingsRow;
import io.parley.bridge.state.PushedRow;
import io.parley.bridge.state.ShownRow;
import io.parley.bridge.state.TokenRow;
import io.parley.bridge.user.PushState;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserFamily;
import io.parley.bridge.user.UserRows;
import io.parley.bridge.user.UserTable;
import io.parley.bridge.user.WindowRows;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How a user is notified: tokens, settings, mutes, what is shown and what was told of it, a row each, and rows by the time at which something of these is due. */
public final class PushRows implements PushState, UserTable {
    /** With what {@link WindowRows} names the mute of a conversation. */
    private static final String MUTED = "j|";

    private final UserRows rows;
    private final WindowRows windows;

    public PushRows(UserRows rows, WindowRows windows) {
        this.rows = rows;
        this.windows = windows;
    }

    @Override
    public boolean apply(UserChange change) {
        if (change instanceof UserChange.TokenSet set) {
            removeToken(set.hash());
            rows.put(rows.key(UserFamily.TOKEN, set.hash()), set.row());
            due(set.row().getDueMillis(), "t", set.hash());
        } else if (change instanceof UserChange.TokenRemoved removed) {
            removeToken(removed.hash());
        } else if (change instanceof UserChange.PushSettingsSet set) {
            notDue(settings().getSummaryDueMillis(), "q", "");
            rows.put(rows.key(UserFamily.PUSH_SETTINGS), set.settings());
            due(set.settings().getSummaryDueMillis(), "q", "");
        } else if (change instanceof UserChange.MuteSet set) {
            unmute(set.conversation());
            rows.put(rows.key(UserFamily.MUTE, set.conversation()), set.mute());
            windows.move(MUTED + set.conversation(), 0, set.mute().getUntilMillis());
        } else if (change instanceof UserChange.MuteEnded ended) {
            unmute(ended.conversation());
        } else if (change instanceof UserChange.ShownSet set) {
            hide(set.conversation());
            rows.put(rows.key(UserFamily.SHOWN, set.conversation()), set.shown());
            due(set.shown().getExpiresAtMillis(), "s", set.conversation().value());
        } else if (change instanceof UserChange.ShownEnded ended) {
            hide(ended.conversation());
        } else if (change instanceof UserChange.PushedSet set) {
            rows.put(rows.key(UserFamily.PUSHED), set.row());
        } else if (change instanceof UserChange.PushedEnded) {
            rows.delete(rows.key(UserFamily.PUSHED));
        } else if (change instanceof UserChange.BadgeDue set) {
            badgeDue(set.dueMillis());
        } else if (change instanceof UserChange.Left left) {
            leave(left.conversation());
        } else if (change instanceof UserChange.Departed departed) {
            leave(departed.conversation());
        } else if (change instanceof UserChange.Erased) {
            erase();
        } else {
            return false;
        }
        return true;
    }

    private void badgeDue(long dueMillis) {
        notDue(badgeDueMillis(), "b", "");
        due(dueMillis, "b", "");
        if (dueMillis == 0) {
            rows.delete(rows.key(UserFamily.BADGE));
        } else {
            rows.put(
                    rows.key(UserFamily.BADGE),
                    BadgeRow.newBuilder().setDueMillis(dueMillis).build());
        }
    }

    private void removeToken(String hash) {
        TokenRow before = token(hash);
        if (before != null) {
            notDue(before.getDueMillis(), "t", hash);
            rows.delete(rows.key(UserFamily.TOKEN, hash));
        }
    }

    private void unmute(ConversationId conversation) {
        MuteRow before = mute(conversation);
        if (before != null) {
            windows.move(MUTED + conversation, before.getUntilMillis(), 0);
            rows.delete(rows.key(UserFamily.MUTE, conversation));
        }
    }

    private void hide(ConversationId conversation) {
        ShownRow before = shown(conversation);
        if (before != null) {
            notDue(before.getExpiresAtMillis(), "s", conversation.value());
            rows.delete(rows.key(UserFamily.SHOWN, conversation));
        }
    }

    /** The user is no longer in the conversation. */
    private void leave(ConversationId conversation) {
        unmute(conversation);
        hide(conversation);
    }

    private void erase() {
        tokens().keySet().forEach(this::removeToken);
        shown().keySet().forEach(this::hide);
        muted().forEach(this::unmute);
        notDue(settings().getSummaryDueMillis(), "q", "");
        rows.delete(rows.key(UserFamily.PUSH_SETTINGS));
        rows.delete(rows.key(UserFamily.PUSHED));
        badgeDue(0);
    }

    @Override
    public boolean hasTokens() {
        String prefix = rows.key(UserFamily.TOKEN, "");
        return !rows.all().keys(prefix, prefix + Character.MAX_VALUE, 1).isEmpty();
    }

    @Override
    public Map<String, TokenRow> tokens() {
        String prefix = rows.key(UserFamily.TOKEN, "");
        Map<String, TokenRow> tokens = new TreeMap<>();
        for (String key : rows.keys(prefix)) {
            TokenRow row = rows.get(key, TokenRow.parser());
            if (row != null) {
                tokens.put(key.substring(prefix.length()), row);
            }
        }
        return tokens;
    }

    @Override
    public @Nullable TokenRow token(String hash) {
        return rows.get(rows.key(UserFamily.TOKEN, hash), TokenRow.parser());
    }

    @Override
    public PushSettingsRow settings() {
        PushSettingsRow row = rows.get(rows.key(UserFamily.PUSH_SETTINGS), PushSettingsRow.parser());
        return row == null ? PushSettingsRow.getDefaultInstance() : row;
    }

    @Override
    public @Nullable MuteRow mute(ConversationId conversation) {
        return rows.get(rows.key(UserFamily.MUTE, conversation), MuteRow.parser());
    }

    @Override
    public List<ConversationId> muted() {
        return rows.conversations(UserFamily.MUTE);
    }

    @Override
    public @Nullable ShownRow shown(ConversationId conversation) {
        return rows.get(rows.key(UserFamily.SHOWN, conversation), ShownRow.parser());
    }

    @Override
    public Map<ConversationId, ShownRow> shown() {
        Map<ConversationId, ShownRow> shown = new TreeMap<>(Comparator.comparing(ConversationId::value));
        for (ConversationId conversation : rows.conversations(UserFamily.SHOWN)) {
            ShownRow row = shown(conversation);
            if (row != null) {
                shown.put(conversation, row);
            }
        }
        return shown;
    }

    @Override
    public @Nullable PushedRow pushed() {
        return rows.get(rows.key(UserFamily.PUSHED), PushedRow.parser());
    }

    @Override
    public long badgeDueMillis() {
        BadgeRow row = rows.get(rows.key(UserFamily.BADGE), BadgeRow.parser());
        return row == null ? 0 : row.getDueMillis();
    }

    /** The users of these rows of whom something is due at that time; at most so many rows are read. */
    public static Set<UserId> due(Rows rows, long nowMillis, int limit) {
        return OrderedKeys.usersDue(rows, UserFamily.PUSH_DUE.prefix(), nowMillis, limit);
    }

    private void due(long millis, String kind, String what) {
        if (millis != 0) {
            rows.putEmpty(dueKey(millis, kind, what));
        }
    }

    private void notDue(long millis, String kind, String what) {
        if (millis != 0) {
            rows.delete(dueKey(millis, kind, what));
        }
    }

    private String dueKey(long millis, String kind, String what) {
        return UserFamily.PUSH_DUE.prefix() + OrderedKeys.time(millis) + "|" + rows.id() + "|" + kind + "|" + what;
    }
}
