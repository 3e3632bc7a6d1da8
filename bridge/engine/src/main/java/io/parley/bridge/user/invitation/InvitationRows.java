package io.parley.bridge.user.invitation;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.bridge.Rows;
import io.parley.bridge.state.Invitation;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The groups into which a user is invited, with a second row for each by its time. */
public final class InvitationRows {
    private static final String INVITED = "i|";
    private static final String DUE = "i!";

    private final UserId id;
    private final Rows rows;

    public InvitationRows(UserId id, Rows rows) {
        this.id = id;
        this.rows = rows;
    }

    public void put(ConversationId group, Invitation invitation) {
        delete(group);
        rows.put(key(group), invitation.toByteArray());
        rows.put(dueKey(group, invitation), new byte[0]);
    }

    public void delete(ConversationId group) {
        Invitation before = get(group);
        if (before != null) {
            rows.delete(key(group));
            rows.delete(dueKey(group, before));
        }
    }

    public void deleteAll() {
        all().keySet().forEach(this::delete);
    }

    public @Nullable Invitation get(ConversationId group) {
        byte[] row = rows.get(key(group));
        try {
            return row == null ? null : Invitation.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("state row cannot be read, key=" + key(group), e);
        }
    }

    public Map<ConversationId, Invitation> all() {
        Map<ConversationId, Invitation> all = new TreeMap<>(Comparator.comparing(ConversationId::value));
        String prefix = INVITED + id + "|";
        for (String key : rows.keys(prefix)) {
            ConversationId group = ConversationId.parse(key.substring(prefix.length()));
            Invitation invitation = get(group);
            if (invitation != null) {
                all.put(group, invitation);
            }
        }
        return all;
    }

    /** The users of these rows with an invitation whose time is over; at most so many invitations are looked at. No row is read. */
    public static Set<UserId> due(Rows rows, long nowMillis, int limit) {
        Set<UserId> due = new LinkedHashSet<>();
        for (String key : rows.keys(DUE, DUE + padded(nowMillis + 1), limit)) {
            int from = key.indexOf('|') + 1;
            due.add(UserId.parse(key.substring(from, key.indexOf('|', from))));
        }
        return due;
    }

    private String key(ConversationId group) {
        return INVITED + id + "|" + group;
    }

    private String dueKey(ConversationId group, Invitation invitation) {
        return DUE + padded(invitation.getUntilMillis()) + "|" + id + "|" + group;
    }

    /** In the order of the numbers. */
    private static String padded(long millis) {
        return "%015d".formatted(millis);
    }
}
