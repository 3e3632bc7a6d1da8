package io.parley.bridge.user.invitation;

import io.parley.bridge.OrderedKeys;
import io.parley.bridge.Rows;
import io.parley.bridge.state.Invitation;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserFamily;
import io.parley.bridge.user.UserRows;
import io.parley.bridge.user.UserTable;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The groups into which a user is invited, with a second row for each by its time. */
public final class InvitationRows implements UserTable {
    private final UserRows rows;

    public InvitationRows(UserRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean apply(UserChange change) {
        if (change instanceof UserChange.InvitationSet set) {
            put(set.group(), set.invitation());
        } else if (change instanceof UserChange.InvitationEnded ended) {
            delete(ended.group());
        } else if (change instanceof UserChange.Erased) {
            all().keySet().forEach(this::delete);
        } else {
            return false;
        }
        return true;
    }

    private void put(ConversationId group, Invitation invitation) {
        delete(group);
        rows.put(key(group), invitation);
        rows.putEmpty(dueKey(group, invitation));
    }

    private void delete(ConversationId group) {
        Invitation before = get(group);
        if (before != null) {
            rows.delete(key(group));
            rows.delete(dueKey(group, before));
        }
    }

    private @Nullable Invitation get(ConversationId group) {
        return rows.get(key(group), Invitation.parser());
    }

    public Map<ConversationId, Invitation> all() {
        Map<ConversationId, Invitation> all = new TreeMap<>(Comparator.comparing(ConversationId::value));
        for (ConversationId group : rows.conversations(UserFamily.INVITED)) {
            Invitation invitation = get(group);
            if (invitation != null) {
                all.put(group, invitation);
            }
        }
        return all;
    }

    /** The users of these rows with an invitation whose time is over; at most so many invitations are looked at. No row is read. */
    public static Set<UserId> due(Rows rows, long nowMillis, int limit) {
        return OrderedKeys.usersDue(rows, UserFamily.INVITED_DUE.prefix(), nowMillis, limit);
    }

    private String key(ConversationId group) {
        return rows.key(UserFamily.INVITED, group);
    }

    private String dueKey(ConversationId group, Invitation invitation) {
        return UserFamily.INVITED_DUE.prefix() + OrderedKeys.time(invitation.getUntilMillis()) + "|" + rows.id() + "|"
                + group;
    }
}
