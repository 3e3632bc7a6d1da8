package io.parley.bridge.conversation;

import io.parley.bridge.state.Asking;
import io.parley.bridge.state.Declined;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Notified;
import io.parley.bridge.state.Notifying;
import io.parley.bridge.state.Pin;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Position;
import io.parley.bridge.state.Profile;
import io.parley.bridge.state.Route;
import io.parley.bridge.state.Untold;
import io.parley.bridge.state.Users;
import io.parley.bridge.state.Waking;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.Presence;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One conversation as the rules see it. Nothing here writes: only the store in {@code machine} changes state. */
public interface ConversationState {
    /** Which conversation this is. */
    ConversationId id();

    /** Its head; the default instance (seq 0) before the first event. */
    Head head();

    /** The member of that name, or null. The two of a direct conversation are always members. */
    @Nullable
    Member member(UserId user);

    /** All members, ascending. */
    List<UserId> members();

    /**
     * Some members of a group, in the order of their names.
     *
     * @param after the name that comes before
     */
    List<UserId> members(String after, int limit);

    /** The nodes that have devices here. */
    List<Route> routes();

    /** Whether the members' user machines tell who is there. */
    boolean isWatched();

    /** Whether a device of that sender took the id; within 7 days and the last 256 of each device. */
    boolean isTaken(UserId sender, String messageId, long nowMillis);

    /** A message among the last 4,096 seqs, or null: that seq is none, is deleted, or lies further back. */
    @Nullable
    Said said(int seq);

    /** The seqs of a message's edits, ascending; for such a message only. */
    List<Integer> edits(int seq);

    /** The emojis that the user set on a message; for such a message only. */
    List<String> reactions(int seq, UserId user);

    /**
     * Which messages that members may still see are new to each of some members. What is remembered of messages is read once for all of them.
     *
     * @param gone what counts no more
     */
    Map<UserId, Unread> unread(Collection<Unread.Reader> readers, Unread.Gone gone);

    /** What the member's user machine was told of that last. While the member is to be woken it is so, but for what expired since. */
    Unread told(UserId user);

    /** The pinned messages, in the order in which they were pinned; they may have expired. */
    List<Pin> pins();

    /** What a group shows beside its name. */
    Profile profile();

    /** Where a device stands; null if it was never seen here, or removed. */
    @Nullable
    Position position(UserId user, String device);

    /** Where each of the user's devices stands that was seen here. */
    List<Position> positions(UserId user);

    /**
     * Finds rows whose window is over.
     *
     * @param after the last row that was looked at; empty: none was
     */
    Overdue sweep(String after, Overdue.Windows windows);

    /** When it is to be seen what all have, epoch milliseconds; 0: not. */
    long purgeDueMillis();

    /** What any device of the user acknowledged, and what the user read; the default instance if nothing. */
    Pointers pointers(UserId user);

    /** The members whose user machines are to be woken by the next event. */
    Map<UserId, Waking> waking();

    /** Whether and how the member's user machine is to be woken; null: not. */
    @Nullable
    Waking waking(UserId user);

    /** How the member's user machine is told each message of another; null: it is not. */
    @Nullable
    Notifying notifying(UserId user);

    /** What the member's user machine was told until a device came, and the member has not read; null: nothing. */
    @Nullable
    Notified notified(UserId user);

    /**
     * Members whose user machines are told each message of another, ascending.
     *
     * @param after the name that comes before; empty: the first
     */
    Map<UserId, Notifying> notifying(String after, int limit);

    /** Members whose user machines are told each message, or were and the member has not read it; likewise. */
    List<UserId> toldEach(String after, int limit);

    /** Whether the user is there, as last heard; null if never. */
    @Nullable
    Presence presence(UserId user);

    /** Users who show no read receipts. */
    Users discreet();

    /** Which of the two of a conversation block the other. */
    Users blockers();

    /** Whether a member of a group blocks anybody, here or elsewhere. */
    boolean blocksAny(UserId by);

    /** Whether a member of a group is known to block that user. */
    boolean blocks(UserId by, String user);

    /** Of each member of a group who blocks anybody: whom of the members, and of those who were. For what is told, not for each change. */
    Map<UserId, Set<String>> blocked();

    /** Whether the user's machine was asked if a conversation of two may begin, and agreed; null: it was not asked. */
    @Nullable
    Asking asking(UserId user);

    /** Whether the machine of that user, who was added to a group, declined. */
    boolean hasDeclined(UserId user);

    /** The first of such users, ascending. */
    Map<UserId, Declined> declined(int limit);

    /** What the devices here are still to be told. */
    Untold untold();
}
