package io.parley.bridge.user.machine;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.parley.bridge.Rows;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.state.Invitation;
import io.parley.bridge.state.Membership;
import io.parley.bridge.state.Moved;
import io.parley.bridge.state.Spent;
import io.parley.bridge.state.UnreadCount;
import io.parley.bridge.state.Users;
import io.parley.bridge.state.Visibility;
import io.parley.bridge.user.EndedSession;
import io.parley.bridge.user.PushState;
import io.parley.bridge.user.SessionFilters;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.admission.AdmissionRows;
import io.parley.bridge.user.blocking.BlockedRows;
import io.parley.bridge.user.invitation.InvitationRows;
import io.parley.bridge.user.push.PushRows;
import io.parley.bridge.user.session.SessionRows;
import io.parley.bridge.user.subscription.FilterRows;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A user's rows, and the only code that changes them. */
public final class UserStore implements UserState {
    private static final String DUE = "g|";
    /** Conversations that the user is in. */
    private static final String IN = "v|";
    /** Conversations that the user is no longer in, in which sessions still have cursors. */
    private static final String DEPARTED = "d|";
    /** Conversations that moved since the user's sessions had everything of them. */
    private static final String MOVED = "m|";
    /** What the user has not read of a conversation, as it told last; no row: nothing. */
    private static final String UNREAD = "c|";
    /** Conversations that want to know when the user comes and goes. */
    private static final String WATCHING = "h|";

    private final UserId id;
    private final Rows rows;
    private final SessionRows sessions;
    private final AdmissionRows admission;
    private final BlockedRows blocked;
    private final PushRows push;
    private final InvitationRows invitations;

    /** @param rows shared by all users of a partition; every key here names the user */
    public UserStore(UserId id, Rows rows) {
        this.id = id;
        this.rows = rows;
        this.sessions = new SessionRows(id, rows);
        this.admission = new AdmissionRows(id, rows, IN + id + "|");
        this.blocked = new BlockedRows(id, rows);
        this.push = new PushRows(id, rows);
        this.invitations = new InvitationRows(id, rows);
    }

    /** Carries out a change. */
    public void apply(UserChange change) {
        if (change instanceof UserChange.DeviceSeen seen) {
            sessions.put(seen.name(), seen.device());
        } else if (change instanceof UserChange.SessionEnded ended) {
            sessions.end(ended.name(), ended.device());
        } else if (change instanceof UserChange.SessionTold told) {
            sessions.told(told.ended());
        } else if (change instanceof UserChange.SessionForgotten forgotten) {
            sessions.forgotten(forgotten.ended());
        } else if (change instanceof UserChange.Subscribed subscribed) {
            filterRows(subscribed.device(), subscribed.session()).put(subscribed.subscription());
        } else if (change instanceof UserChange.Unsubscribed unsubscribed) {
            filterRows(unsubscribed.device(), unsubscribed.session()).delete(unsubscribed.filter());
        } else if (change instanceof UserChange.VisibilityChanged changed) {
            put("o|" + id, changed.visibility());
            if (changed.visibility().getDueMillis() == 0) {
                rows.delete(DUE + id);
            } else {
                put(DUE + id, changed.visibility());
            }
        } else if (change instanceof UserChange.Joined joined) {
            admission.count(admission.count() + (isIn(joined.conversation()) ? 0 : 1));
            put(
                    key(IN, joined.conversation()),
                    Membership.newBuilder().setJoined(joined.seq()).build());
            rows.delete(key(DEPARTED, joined.conversation()));
        } else if (change instanceof UserChange.ConversationMoved moved) {
            put(key(MOVED, moved.conversation()), moved.moved());
        } else if (change instanceof UserChange.ConversationSettled settled) {
            rows.delete(key(MOVED, settled.conversation()));
        } else if (change instanceof UserChange.UnreadCounted counted) {
            if (counted.unread().getSerializedSize() == 0) {
                rows.delete(key(UNREAD, counted.conversation()));
            } else {
                put(key(UNREAD, counted.conversation()), counted.unread());
            }
        } else if (change instanceof UserChange.MovedKept) {
            moved().forEach((conversation, moved) -> put(key(MOVED, conversation), moved));
            sessions.keepMoved();
        } else if (change instanceof UserChange.WatchSet set) {
            if (set.on()) {
                rows.put(key(WATCHING, set.conversation()), new byte[0]);
            } else {
                rows.delete(key(WATCHING, set.conversation()));
            }
        } else if (change instanceof UserChange.Left left) {
            leave(left.conversation());
        } else if (change instanceof UserChange.Departed departed) {
            leave(departed.conversation());
            put(key(DEPARTED, departed.conversation()), Membership.getDefaultInstance());
        } else if (change instanceof UserChange.Drained drained) {
            rows.delete(key(DEPARTED, drained.conversation()));
        } else if (change instanceof UserChange.Erased) {
            sessions.deleteLast();
            all(MOVED).forEach(conversation -> rows.delete(key(MOVED, conversation)));
            all(WATCHING).forEach(conversation -> rows.delete(key(WATCHING, conversation)));
            all(UNREAD).forEach(conversation -> rows.delete(key(UNREAD, conversation)));
            // A conversation of two lives on: it is named after the user, and the other may write there.
            conversations().stream()
                    .filter(conversation -> !conversation.isDirect())
                    .forEach(group -> rows.delete(key(IN, group)));
            List.of("o|", "q|", DUE).forEach(family -> rows.delete(family + id));
            blocked.deleteAll();
            invitations.deleteAll();
            admission.erase();
            push.erase();
        } else if (change instanceof UserChange.BlockSet set) {
            blocked.set(set.other(), set.blocked());
        } else if (change instanceof UserChange.SpentSet set) {
            admission.spent(set.spent());
        } else if (change instanceof UserChange.MadeKnown known) {
            admission.know(known.sinceMillis());
        } else if (change instanceof UserChange.InvitationSet set) {
            invitations.put(set.group(), set.invitation());
        } else if (change instanceof UserChange.InvitationEnded ended) {
            invitations.delete(ended.group());
        } else if (change instanceof UserChange.GroupRequested requested) {
            put("q|" + id, requested.remembered());
        } else if (!push.apply(change)) {
            throw new IllegalArgumentException("unknown change " + change);
        }
    }

    private void leave(ConversationId conversation) {
        admission.count(admission.count() - (isIn(conversation) ? 1 : 0));
        List.of(IN, MOVED, WATCHING, UNREAD).forEach(family -> rows.delete(key(family, conversation)));
        push.leave(conversation);
    }

    @Override
    public UserId id() {
        return id;
    }

    @Override
    public Map<String, Device> devices() {
        return sessions.devices();
    }

    @Override
    public SessionFilters filters(String device, long session) {
        return filterRows(device, session);
    }

    private FilterRows filterRows(String device, long session) {
        return new FilterRows(rows, id, device, session);
    }

    @Override
    public long lastSession() {
        return sessions.last();
    }

    @Override
    public List<EndedSession> ended() {
        return sessions.ended();
    }

    private String key(String family, ConversationId conversation) {
        return family + id + "|" + conversation;
    }

    @Override
    public List<ConversationId> conversations() {
        return all(IN);
    }

    @Override
    public List<ConversationId> conversations(String after, int limit) {
        return some(IN, after, limit).toList();
    }

    @Override
    public List<ConversationId> departed() {
        return all(DEPARTED);
    }

    private List<ConversationId> all(String family) {
        String prefix = family + id + "|";
        return rows.keys(prefix).stream()
                .map(key -> ConversationId.parse(key.substring(prefix.length())))
                .toList();
    }

    @Override
    public List<ConversationId> withCursors(String after, int limit) {
        return Stream.concat(some(IN, after, limit), some(DEPARTED, after, limit))
                .distinct()
                .sorted(Comparator.comparing(ConversationId::value))
                .limit(limit)
                .toList();
    }

    private Stream<ConversationId> some(String family, String after, int limit) {
        String prefix = family + id + "|";
        // The least key that is greater.
        String from = after.isEmpty() ? prefix : prefix + after + Character.MIN_VALUE;
        return rows.keys(from, prefix + Character.MAX_VALUE, limit).stream()
                .map(key -> ConversationId.parse(key.substring(prefix.length())));
    }

    @Override
    public Map<ConversationId, Moved> moved() {
        Map<ConversationId, Moved> moved = new TreeMap<>(Comparator.comparing(ConversationId::value));
        if (!isMovedKept()) {
            conversations().forEach(conversation -> moved.put(conversation, Moved.getDefaultInstance()));
        }
        all(MOVED).forEach(conversation -> moved.put(conversation, movedRow(conversation)));
        return moved;
    }

    @Override
    public @Nullable Moved moved(ConversationId conversation) {
        return rows.get(key(MOVED, conversation)) != null || (!isMovedKept() && isIn(conversation))
                ? movedRow(conversation)
                : null;
    }

    private Moved movedRow(ConversationId conversation) {
        Moved row = get(key(MOVED, conversation), Moved.parser());
        return row == null ? Moved.getDefaultInstance() : row;
    }

    @Override
    public Map<ConversationId, UnreadCount> unread() {
        Map<ConversationId, UnreadCount> unread = new TreeMap<>(Comparator.comparing(ConversationId::value));
        all(UNREAD).forEach(conversation -> unread.put(conversation, unread(conversation)));
        return unread;
    }

    @Override
    public UnreadCount unread(ConversationId conversation) {
        UnreadCount row = get(key(UNREAD, conversation), UnreadCount.parser());
        return row == null ? UnreadCount.getDefaultInstance() : row;
    }

    @Override
    public List<ConversationId> watching() {
        return all(WATCHING);
    }

    @Override
    public List<ConversationId> watching(String after, int limit) {
        return some(WATCHING, after, limit).toList();
    }

    @Override
    public boolean isMovedKept() {
        return sessions.isMovedKept();
    }

    @Override
    public int joined(ConversationId conversation) {
        Membership membership = get(key(IN, conversation), Membership.parser());
        return membership == null ? 0 : membership.getJoined();
    }

    @Override
    public boolean isIn(ConversationId conversation) {
        return rows.get(key(IN, conversation)) != null;
    }

    @Override
    public Visibility visibility() {
        Visibility visibility = get("o|" + id, Visibility.parser());
        return visibility == null ? Visibility.getDefaultInstance() : visibility;
    }

    @Override
    public Users blocked() {
        return blocked.all();
    }

    @Override
    public boolean blocks(UserId other) {
        return blocked.has(other);
    }

    @Override
    public boolean isKnown() {
        // Whose devices never had a session never connected.
        return sessions.last() > 0 || admission.isKnown();
    }

    @Override
    public int conversationCount() {
        return admission.count();
    }

    @Override
    public Spent spent() {
        return admission.spent();
    }

    @Override
    public PushState push() {
        return push;
    }

    /** The users of these rows of whose notifications something is due at that time; at most so many. No row is read. */
    public static Set<UserId> pushDue(Rows rows, long nowMillis, int limit) {
        return PushRows.due(rows, nowMillis, limit);
    }

    @Override
    public Map<ConversationId, Invitation> invitations() {
        return invitations.all();
    }

    /** The users of these rows with an invitation whose time is over; of so many invitations at most. No row is read. */
    public static Set<UserId> invitationsDue(Rows rows, long nowMillis, int limit) {
        return InvitationRows.due(rows, nowMillis, limit);
    }

    /** The users of these rows whose grace ends at some time. No row is read: one may be unreadable. */
    public static List<UserId> withGrace(Rows rows) {
        return rows.keys(DUE).stream()
                .map(key -> UserId.parse(key.substring(DUE.length())))
                .toList();
    }

    /** The users of these rows of whose sessions something is due at that time; of each kind at most so many. No row is read. */
    public static Set<UserId> sessionsDue(Rows rows, long nowMillis, int limit) {
        return SessionRows.due(rows, nowMillis, limit);
    }

    /** The users of these rows who have devices. No row is read: one may be unreadable. */
    public static Set<UserId> withDevices(Rows rows) {
        return SessionRows.users(rows);
    }

    @Override
    public GroupRequests groupRequests() {
        GroupRequests requests = get("q|" + id, GroupRequests.parser());
        return requests == null ? GroupRequests.getDefaultInstance() : requests;
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
