package io.parley.bridge.user;

import io.parley.bridge.state.Device;
import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.state.Invitation;
import io.parley.bridge.state.Moved;
import io.parley.bridge.state.Revocation;
import io.parley.bridge.state.Spent;
import io.parley.bridge.state.UnreadCount;
import io.parley.bridge.state.Users;
import io.parley.bridge.state.Visibility;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One user as the rules see it. Nothing here writes: only the store in {@code machine} changes state. */
public interface UserState {
    /** Who this is. */
    UserId id();

    /** The user's devices, connected and not, by name: those that have a session, or had one until just now. */
    Map<String, Device> devices();

    /** What a session subscribed to. */
    SessionFilters filters(String device, long session);

    /** The highest number of a session that the user's devices had; 0: they had none. */
    long lastSession();

    /** The sessions that are over, of which not every conversation was told. */
    List<EndedSession> ended();

    /** The conversations that the user is in. */
    List<ConversationId> conversations();

    /**
     * Some of them, in the order of their names.
     *
     * @param after the name that comes before; empty: the first
     */
    List<ConversationId> conversations(String after, int limit);

    /** The conversations that the user is no longer in, in which sessions of the user still have cursors. */
    List<ConversationId> departed();

    /**
     * Some of the conversations in which sessions may have cursors, those that the user is in and {@link #departed}, in the order of their names.
     *
     * @param after the name that comes before; empty: the first
     */
    List<ConversationId> withCursors(String after, int limit);

    /** The conversations that moved since all sessions had everything of them, and what is known of that. */
    Map<ConversationId, Moved> moved();

    /** The same of one conversation; null if it has not moved. */
    @Nullable
    Moved moved(ConversationId conversation);

    /** What the user has not read, by conversation, as each told it last; those in which that is nothing are left out. Of one that moved it may be old. */
    Map<ConversationId, UnreadCount> unread();

    /** The same of one conversation. */
    UnreadCount unread(ConversationId conversation);

    /** Whether there is a row for each conversation that moved. Rows of an older engine are taken for moved all. */
    boolean isMovedKept();

    /** The conversations that want to know when the user comes and goes. */
    List<ConversationId> watching();

    /**
     * Some of them, in the order of their names.
     *
     * @param after the name that comes before; empty: the first
     */
    List<ConversationId> watching(String after, int limit);

    /** With which seq the user came into that conversation; 0 if the user is not in it. */
    int joined(ConversationId conversation);

    /** Whether the user is in that conversation. */
    boolean isIn(ConversationId conversation);

    /** Whether the user is there, and what the user shows. */
    Visibility visibility();

    /** Whom the user blocks, ascending. */
    Users blocked();

    /** Whether the user blocks that one. */
    boolean blocks(UserId other);

    /** Whether a device of the user ever connected, or an operator said that there is such a user. */
    boolean isKnown();

    /** Which of the user's tokens are void; empty if none was revoked. */
    Revocation revocation();

    /** How many conversations the user is in. */
    int conversationCount();

    /** What the user did lately, of what is limited by the hour. */
    Spent spent();

    /** How the user is notified. */
    PushState push();

    /** The groups into which the user is invited, ascending; some may be over. The caller may change the map. */
    Map<ConversationId, Invitation> invitations();

    /** The last requests to create a group, oldest first. */
    GroupRequests groupRequests();
}
