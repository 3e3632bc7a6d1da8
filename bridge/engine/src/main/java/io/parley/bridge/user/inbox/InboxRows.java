package io.parley.bridge.user.inbox;

import io.parley.bridge.state.LastSession;
import io.parley.bridge.state.Membership;
import io.parley.bridge.state.Moved;
import io.parley.bridge.state.UnreadCount;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserFamily;
import io.parley.bridge.user.UserRows;
import io.parley.bridge.user.UserTable;
import io.parley.bridge.user.admission.AdmissionRows;
import io.parley.protocol.ConversationId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The conversations that a user is in, or left with something owed: what moved there, what is unread, and which want to know that the user comes and goes. */
public final class InboxRows implements UserTable {
    private final UserRows rows;
    private final AdmissionRows admission;

    /** @param admission counts the conversations */
    public InboxRows(UserRows rows, AdmissionRows admission) {
        this.rows = rows;
        this.admission = admission;
    }

    @Override
    public boolean apply(UserChange change) {
        if (change instanceof UserChange.Joined joined) {
            admission.count(admission.count() + (isIn(joined.conversation()) ? 0 : 1));
            rows.put(
                    rows.key(UserFamily.IN, joined.conversation()),
                    Membership.newBuilder().setJoined(joined.seq()).build());
            rows.delete(rows.key(UserFamily.DEPARTED, joined.conversation()));
        } else if (change instanceof UserChange.ConversationMoved moved) {
            rows.put(rows.key(UserFamily.MOVED, moved.conversation()), moved.moved());
        } else if (change instanceof UserChange.ConversationSettled settled) {
            rows.delete(rows.key(UserFamily.MOVED, settled.conversation()));
        } else if (change instanceof UserChange.UnreadCounted counted) {
            rows.putUnlessEmpty(rows.key(UserFamily.UNREAD, counted.conversation()), counted.unread());
        } else if (change instanceof UserChange.MovedKept) {
            keepMoved();
        } else if (change instanceof UserChange.WatchSet set) {
            watch(set.conversation(), set.on());
        } else if (change instanceof UserChange.Left left) {
            leave(left.conversation());
        } else if (change instanceof UserChange.Departed departed) {
            leave(departed.conversation());
            rows.put(rows.key(UserFamily.DEPARTED, departed.conversation()), Membership.getDefaultInstance());
        } else if (change instanceof UserChange.Drained drained) {
            rows.delete(rows.key(UserFamily.DEPARTED, drained.conversation()));
        } else if (change instanceof UserChange.Erased) {
            erase();
        } else {
            return false;
        }
        return true;
    }

    private void watch(ConversationId conversation, boolean on) {
        if (on) {
            rows.putEmpty(rows.key(UserFamily.WATCHING, conversation));
        } else {
            rows.delete(rows.key(UserFamily.WATCHING, conversation));
        }
    }

    private void leave(ConversationId conversation) {
        admission.count(admission.count() - (isIn(conversation) ? 1 : 0));
        List.of(UserFamily.IN, UserFamily.MOVED, UserFamily.WATCHING, UserFamily.UNREAD)
                .forEach(family -> rows.delete(rows.key(family, conversation)));
    }

    private void erase() {
        List.of(UserFamily.MOVED, UserFamily.WATCHING, UserFamily.UNREAD).forEach(rows::deleteAll);
        // A conversation of two lives on: it is named after the user, and the other may write there.
        conversations().stream()
                .filter(conversation -> !conversation.isDirect())
                .forEach(group -> rows.delete(rows.key(UserFamily.IN, group)));
        admission.erase();
    }

    /** From now on a row for each conversation that moved says so; before, all that the user is in counted as moved. */
    private void keepMoved() {
        moved().forEach((conversation, moved) -> rows.put(rows.key(UserFamily.MOVED, conversation), moved));
        rows.put(
                rows.key(UserFamily.LAST_SESSION),
                lastSession().toBuilder().setMovedKept(true).build());
    }

    private LastSession lastSession() {
        return rows.get(rows.key(UserFamily.LAST_SESSION), LastSession.parser(), LastSession.getDefaultInstance());
    }

    public boolean isMovedKept() {
        return lastSession().getMovedKept();
    }

    public List<ConversationId> conversations() {
        return rows.conversations(UserFamily.IN);
    }

    /** The first after that name. */
    public List<ConversationId> conversations(String after, int limit) {
        return rows.conversations(UserFamily.IN, after, limit);
    }

    public List<ConversationId> departed() {
        return rows.conversations(UserFamily.DEPARTED);
    }

    /** The first after that name in which sessions may have positions. */
    public List<ConversationId> withCursors(String after, int limit) {
        return Stream.of(UserFamily.IN, UserFamily.DEPARTED)
                .flatMap(family -> rows.conversations(family, after, limit).stream())
                .distinct()
                .sorted(Comparator.comparing(ConversationId::value))
                .limit(limit)
                .toList();
    }

    public Map<ConversationId, Moved> moved() {
        Map<ConversationId, Moved> moved = new TreeMap<>(Comparator.comparing(ConversationId::value));
        if (!isMovedKept()) {
            conversations().forEach(conversation -> moved.put(conversation, Moved.getDefaultInstance()));
        }
        rows.conversations(UserFamily.MOVED).forEach(conversation -> moved.put(conversation, row(conversation)));
        return moved;
    }

    public @Nullable Moved moved(ConversationId conversation) {
        return rows.has(rows.key(UserFamily.MOVED, conversation)) || (!isMovedKept() && isIn(conversation))
                ? row(conversation)
                : null;
    }

    private Moved row(ConversationId conversation) {
        return rows.get(rows.key(UserFamily.MOVED, conversation), Moved.parser(), Moved.getDefaultInstance());
    }

    public Map<ConversationId, UnreadCount> unread() {
        Map<ConversationId, UnreadCount> unread = new TreeMap<>(Comparator.comparing(ConversationId::value));
        rows.conversations(UserFamily.UNREAD).forEach(conversation -> unread.put(conversation, unread(conversation)));
        return unread;
    }

    public UnreadCount unread(ConversationId conversation) {
        return rows.get(
                rows.key(UserFamily.UNREAD, conversation), UnreadCount.parser(), UnreadCount.getDefaultInstance());
    }

    public List<ConversationId> watching() {
        return rows.conversations(UserFamily.WATCHING);
    }

    /** The first after that name. */
    public List<ConversationId> watching(String after, int limit) {
        return rows.conversations(UserFamily.WATCHING, after, limit);
    }

    /** The seq with which the user joined; 0: the user is not in it. */
    public int joined(ConversationId conversation) {
        return rows.get(rows.key(UserFamily.IN, conversation), Membership.parser(), Membership.getDefaultInstance())
                .getJoined();
    }

    public boolean isIn(ConversationId conversation) {
        return rows.has(rows.key(UserFamily.IN, conversation));
    }
}
