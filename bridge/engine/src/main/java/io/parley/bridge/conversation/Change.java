package io.parley.bridge.conversation;

import io.parley.bridge.state.Asking;
import io.parley.bridge.state.Declined;
import io.parley.bridge.state.Notifying;
import io.parley.bridge.state.Pin;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Position;
import io.parley.bridge.state.Route;
import io.parley.bridge.state.Untold;
import io.parley.bridge.state.Users;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Presence;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** What can happen to a conversation's state. Replaying the changes in order gives the same state. */
public interface Change {
    /** The next event of the sequence. */
    record Sequenced(ChatEvent event) implements Change {}

    /** A device of that sender took a message id: for the event of before, or without one if what it asked for was so already. */
    record IdTaken(UserId sender, String device, String messageId, long atSeconds) implements Change {}

    /** A node got its first device here, or one more. */
    record RouteOpened(Route route) implements Change {}

    /** A node has no device here any more. */
    record RouteClosed(int slot) implements Change {}

    /** A device stands somewhere, or was seen on another day. */
    record CursorMoved(UserId user, String device, Position position) implements Change {}

    /** A device is no more. */
    record DeviceForgotten(UserId user, String device) implements Change {}

    /** A member's devices received, or the member read, more than before. */
    record PointersMoved(UserId user, Pointers pointers) implements Change {}

    /** A member's user machine is to be woken by the next event, and maybe by a signal. */
    record WakeAsked(UserId user, boolean signals) implements Change {}

    /** A member's user machine was woken by an event, and is not again until it asks. */
    record Woken(UserId user) implements Change {}

    /** A member's user machine was told what the member has not read. */
    record CountTold(UserId user, Unread unread) implements Change {}

    /** The members' user machines were asked to tell who is there, or to tell it no more; then nothing of that is kept. */
    record WatchSet(boolean on) implements Change {}

    /** Somebody came or went. */
    record PresenceSeen(Presence presence) implements Change {}

    /** Who shows no read receipts. */
    record DiscreetSet(Users discreet) implements Change {}

    /** Which of the two of a conversation block the other. */
    record BlockersSet(Users blockers) implements Change {}

    /** A member of a group blocks another, or does no more. */
    record PairBlocked(UserId by, String user, boolean blocked) implements Change {}

    /** A member of a group blocks somebody, here or elsewhere, or nobody any more. */
    record BlocksAny(UserId by, boolean any) implements Change {}

    /** A member's machine was asked whether a conversation of two may begin, or agreed; and who waits for the answer. */
    record AskingSet(UserId user, Asking asking) implements Change {}

    /** It may not begin, has begun, or is not waited for any more. */
    record AskingEnded(UserId user) implements Change {}

    /** The machine of a user who was added to a group declined. */
    record DeclinedSet(UserId user, Declined declined) implements Change {}

    /** The member who declined is removed, or is none any more. */
    record DeclinedSettled(UserId user) implements Change {}

    /** A member's user machine is to be told each message of another. */
    record NotifyingSet(UserId user, Notifying notifying) implements Change {}

    /** It is told no more; of what it was told nothing is after that seq. 0: nothing of that is to be remembered. */
    record NotifyingEnded(UserId user, int seq) implements Change {}

    /** The member read everything that the user machine was told, or it is gone. */
    record NotifiedEnded(UserId user) implements Change {}

    /** The event before pinned that message. */
    record Pinned(Pin pin) implements Change {}

    /** The pinned messages up to there have expired. */
    record PinsExpired(int through) implements Change {}

    /** When it is to be seen what all have, epoch milliseconds; 0: not. */
    record PurgeDueSet(long atMillis) implements Change {}

    /**
     * When rows whose window is over are dropped next, epoch milliseconds; 0: not until the next event.
     *
     * @param swept the last row that was looked at; empty: all were
     * @param through nobody needs to know who sent what up to here, while that goes on
     */
    record SweepSet(long dueMillis, String swept, int through) implements Change {}

    /** The window of these rows is over. */
    record RowsDropped(List<String> keys) implements Change {}

    /** Everything up to there is gone. */
    record Purged(int through) implements Change {}

    /** What is to be told at the next opportunity, in all. */
    record UntoldSet(Untold untold) implements Change {
        /** What was to be told, and whose pointers and presence besides. */
        public static UntoldSet with(
                ConversationState state, Collection<UserId> pointers, Collection<UserId> presence) {
            Untold before = state.untold();
            TreeSet<String> allPointers = new TreeSet<>(before.getPointersList());
            pointers.forEach(user -> allPointers.add(user.value()));
            TreeSet<String> allPresence = new TreeSet<>(before.getPresenceList());
            presence.forEach(user -> allPresence.add(user.value()));
            return new UntoldSet(Untold.newBuilder()
                    .addAllPointers(allPointers)
                    .addAllPresence(allPresence)
                    .build());
        }
    }
}
