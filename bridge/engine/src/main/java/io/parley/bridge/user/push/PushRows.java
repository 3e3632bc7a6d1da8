package io.parley.bridge.user.push;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.parley.bridge.Rows;
import io.parley.bridge.state.BadgeRow;
import io.parley.bridge.state.MuteRow;
import io.parley.bridge.state.PushSettingsRow;
import io.parley.bridge.state.PushedRow;
import io.parley.bridge.state.ShownRow;
import io.parley.bridge.state.TokenRow;
import io.parley.bridge.user.PushState;
import io.parley.bridge.user.UserChange;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How a user is notified: tokens, settings, mutes, what is shown and what was told of it, a row each, and rows by the time at which something of these is due. */
public final class PushRows implements PushState {
    private static final String TOKEN = "r|";
    private static final String SETTINGS = "u|";
    private static final String MUTE = "j|";
    private static final String SHOWN = "y|";
    private static final String PUSHED = "A|";
    private static final String BADGE = "B|";
    private static final String DUE = "z|";

    private final UserId id;
    private final Rows rows;

    public PushRows(UserId id, Rows rows) {
        this.id = id;
        this.rows = rows;
    }

    /** Carries out a change; false: it is not one of these. */
    public boolean apply(UserChange change) {
        if (change instanceof UserChange.TokenSet set) {
            removeToken(set.hash());
            put(TOKEN + id + "|" + set.hash(), set.row());
            due(set.row().getDueMillis(), "t", set.hash());
        } else if (change instanceof UserChange.TokenRemoved removed) {
            removeToken(removed.hash());
        } else if (change instanceof UserChange.PushSettingsSet set) {
            notDue(settings().getSummaryDueMillis(), "q", "");
            put(SETTINGS + id, set.settings());
            due(set.settings().getSummaryDueMillis(), "q", "");
        } else if (change instanceof UserChange.MuteSet set) {
            put(key(MUTE, set.conversation()), set.mute());
        } else if (change instanceof UserChange.MuteEnded ended) {
            rows.delete(key(MUTE, ended.conversation()));
        } else if (change instanceof UserChange.ShownSet set) {
            hide(set.conversation());
            put(key(SHOWN, set.conversation()), set.shown());
            due(set.shown().getExpiresAtMillis(), "s", set.conversation().value());
        } else if (change instanceof UserChange.ShownEnded ended) {
            hide(ended.conversation());
        } else if (change instanceof UserChange.PushedSet set) {
            put(PUSHED + id, set.row());
        } else if (change instanceof UserChange.PushedEnded) {
            rows.delete(PUSHED + id);
        } else if (change instanceof UserChange.BadgeDue set) {
            badgeDue(set.dueMillis());
        } else {
            return false;
        }
        return true;
    }

    private void badgeDue(long dueMillis) {
        notDue(badgeDueMillis(), "b", "");
        due(dueMillis, "b", "");
        if (dueMillis == 0) {
            rows.delete(BADGE + id);
        } else {
            put(BADGE + id, BadgeRow.newBuilder().setDueMillis(dueMillis).build());
        }
    }

    private void removeToken(String hash) {
        TokenRow before = token(hash);
        if (before != null) {
            notDue(before.getDueMillis(), "t", hash);
            rows.delete(TOKEN + id + "|" + hash);
        }
    }

    private void hide(ConversationId conversation) {
        ShownRow before = shown(conversation);
        if (before != null) {
            notDue(before.getExpiresAtMillis(), "s", conversation.value());
            rows.delete(key(SHOWN, conversation));
        }
    }

    /** The user is no longer in the conversation. */
    public void leave(ConversationId conversation) {
        rows.delete(key(MUTE, conversation));
        hide(conversation);
    }

    public void erase() {
        tokens().keySet().forEach(this::removeToken);
        shown().keySet().forEach(this::hide);
        rows.keys(MUTE + id + "|").forEach(rows::delete);
        notDue(settings().getSummaryDueMillis(), "q", "");
        rows.delete(SETTINGS + id);
        rows.delete(PUSHED + id);
        badgeDue(0);
    }

    @Override
    public boolean hasTokens() {
        String prefix = TOKEN + id + "|";
        return !rows.keys(prefix, prefix + Character.MAX_VALUE, 1).isEmpty();
    }

    @Override
    public Map<String, TokenRow> tokens() {
        String prefix = TOKEN + id + "|";
        Map<String, TokenRow> tokens = new TreeMap<>();
        for (String key : rows.keys(prefix)) {
            TokenRow row = get(key, TokenRow.parser());
            if (row != null) {
                tokens.put(key.substring(prefix.length()), row);
            }
        }
        return tokens;
    }

    @Override
    public @Nullable TokenRow token(String hash) {
        return get(TOKEN + id + "|" + hash, TokenRow.parser());
    }

    @Override
    public PushSettingsRow settings() {
        PushSettingsRow row = get(SETTINGS + id, PushSettingsRow.parser());
        return row == null ? PushSettingsRow.getDefaultInstance() : row;
    }

    @Override
    public @Nullable MuteRow mute(ConversationId conversation) {
        return get(key(MUTE, conversation), MuteRow.parser());
    }

    @Override
    public @Nullable ShownRow shown(ConversationId conversation) {
        return get(key(SHOWN, conversation), ShownRow.parser());
    }

    @Override
    public Map<ConversationId, ShownRow> shown() {
        String prefix = SHOWN + id + "|";
        Map<ConversationId, ShownRow> shown = new TreeMap<>(Comparator.comparing(ConversationId::value));
        for (String key : rows.keys(prefix)) {
            ShownRow row = get(key, ShownRow.parser());
            if (row != null) {
                shown.put(ConversationId.parse(key.substring(prefix.length())), row);
            }
        }
        return shown;
    }

    @Override
    public @Nullable PushedRow pushed() {
        return get(PUSHED + id, PushedRow.parser());
    }

    @Override
    public long badgeDueMillis() {
        BadgeRow row = get(BADGE + id, BadgeRow.parser());
        return row == null ? 0 : row.getDueMillis();
    }

    /** The users of these rows of whom something is due at that time; at most so many rows are read. */
    public static Set<UserId> due(Rows rows, long nowMillis, int limit) {
        Set<UserId> due = new LinkedHashSet<>();
        List<String> keys = rows.keys(DUE, DUE + padded(nowMillis + 1), limit);
        for (String key : keys) {
            int from = key.indexOf('|', DUE.length()) + 1;
            due.add(UserId.parse(key.substring(from, key.indexOf('|', from))));
        }
        return due;
    }

    private void due(long millis, String kind, String what) {
        if (millis != 0) {
            rows.put(dueKey(millis, kind, what), new byte[0]);
        }
    }

    private void notDue(long millis, String kind, String what) {
        if (millis != 0) {
            rows.delete(dueKey(millis, kind, what));
        }
    }

    private String dueKey(long millis, String kind, String what) {
        return DUE + padded(millis) + "|" + id + "|" + kind + "|" + what;
    }

    /** In the order of the numbers. */
    private static String padded(long millis) {
        String digits = Long.toString(millis);
        return "0".repeat(Math.max(15 - digits.length(), 0)) + digits;
    }

    private String key(String family, ConversationId conversation) {
        return family + id + "|" + conversation;
    }

    private void put(String key, MessageLite row) {
        rows.put(key, row.toByteArray());
    }

    private <T> @Nullable T get(String key, Parser<T> parser) {
        byte[] row = rows.get(key);
        try {
            return row == null ? null : parser.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("state row cannot be read, key=" + key, e);
        }
    }
}
