package io.parley.bridge.user.machine;

import io.parley.bridge.Rows;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.state.Invitation;
import io.parley.bridge.state.Moved;
import io.parley.bridge.state.Revocation;
import io.parley.bridge.state.Spent;
import io.parley.bridge.state.UnreadCount;
import io.parley.bridge.state.Users;
import io.parley.bridge.state.Visibility;
import io.parley.bridge.user.EndedSession;
import io.parley.bridge.user.PushState;
import io.parley.bridge.user.SessionFilters;
import io.parley.bridge.user.UserChange;
import io.parley.bridge.user.UserRows;
import io.parley.bridge.user.UserState;
import io.parley.bridge.user.UserTable;
import io.parley.bridge.user.WindowRows;
import io.parley.bridge.user.admission.AdmissionRows;
import io.parley.bridge.user.blocking.BlockedRows;
import io.parley.bridge.user.founding.GroupRequestRows;
import io.parley.bridge.user.inbox.InboxRows;
import io.parley.bridge.user.invitation.InvitationRows;
import io.parley.bridge.user.presence.VisibilityRows;
import io.parley.bridge.user.push.PushRows;
import io.parley.bridge.user.revocation.RevocationRows;
import io.parley.bridge.user.session.SessionRows;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A user's rows: the tables of all features. */
public final class UserStore implements UserState {
    private final UserId id;
    private final SessionRows sessions;
    private final InboxRows inbox;
    private final AdmissionRows admission;
    private final BlockedRows blocked;
    private final InvitationRows invitations;
    private final GroupRequestRows groupRequests;
    private final VisibilityRows visibility;
    private final PushRows push;
    private final RevocationRows revocations;
    private final List<UserTable> tables;

    /** @param all shared by all users of a partition; every key here names the user */
    public UserStore(UserId id, Rows all) {
        this.id = id;
        UserRows rows = new UserRows(id, all);
        WindowRows windows = new WindowRows(id, all);
        this.sessions = new SessionRows(rows);
        this.admission = new AdmissionRows(rows, windows);
        this.inbox = new InboxRows(rows, admission);
        this.blocked = new BlockedRows(rows);
        this.invitations = new InvitationRows(rows);
        this.groupRequests = new GroupRequestRows(rows, windows);
        this.visibility = new VisibilityRows(rows);
        this.push = new PushRows(rows, windows);
        this.revocations = new RevocationRows(rows, windows);
        this.tables =
                List.of(sessions, inbox, admission, blocked, invitations, groupRequests, visibility, push, revocations);
    }

    /** Carries out a change. */
    public void apply(UserChange change) {
        boolean known = false;
        for (UserTable table : tables) {
            known |= table.apply(change);
        }
        if (!known) {
            throw new IllegalArgumentException("unknown change " + change);
        }
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
        return sessions.filters(device, session);
    }

    @Override
    public long lastSession() {
        return sessions.last();
    }

    @Override
    public List<EndedSession> ended() {
        return sessions.ended();
    }

    @Override
    public List<ConversationId> conversations() {
        return inbox.conversations();
    }

    @Override
    public List<ConversationId> conversations(String after, int limit) {
        return inbox.conversations(after, limit);
    }

    @Override
    public List<ConversationId> departed() {
        return inbox.departed();
    }

    @Override
    public List<ConversationId> withCursors(String after, int limit) {
        return inbox.withCursors(after, limit);
    }

    @Override
    public Map<ConversationId, Moved> moved() {
        return inbox.moved();
    }

    @Override
    public @Nullable Moved moved(ConversationId conversation) {
        return inbox.moved(conversation);
    }

    @Override
    public Map<ConversationId, UnreadCount> unread() {
        return inbox.unread();
    }

    @Override
    public UnreadCount unread(ConversationId conversation) {
        return inbox.unread(conversation);
    }

    @Override
    public List<ConversationId> watching() {
        return inbox.watching();
    }

    @Override
    public List<ConversationId> watching(String after, int limit) {
        return inbox.watching(after, limit);
    }

    @Override
    public boolean isMovedKept() {
        return inbox.isMovedKept();
    }

    @Override
    public int joined(ConversationId conversation) {
        return inbox.joined(conversation);
    }

    @Override
    public boolean isIn(ConversationId conversation) {
        return inbox.isIn(conversation);
    }

    @Override
    public Visibility visibility() {
        return visibility.visibility();
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
    public Revocation revocation() {
        return revocations.get();
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

    @Override
    public Map<ConversationId, Invitation> invitations() {
        return invitations.all();
    }

    /** Whose connection it is, as {@link LifeIndex} has it. */
    public static UserId userOf(String connection) {
        return UserId.parse(connection.substring(0, connection.indexOf('|')));
    }

    @Override
    public GroupRequests groupRequests() {
        return groupRequests.requests();
    }
}
