package io.parley.bridge.conversation;

import com.google.protobuf.MessageLite;
import io.parley.bridge.Family;
import io.parley.bridge.state.Asking;
import io.parley.bridge.state.Block;
import io.parley.bridge.state.Declined;
import io.parley.bridge.state.Edits;
import io.parley.bridge.state.Head;
import io.parley.bridge.state.Member;
import io.parley.bridge.state.Mentioned;
import io.parley.bridge.state.Notifying;
import io.parley.bridge.state.Pins;
import io.parley.bridge.state.Pointers;
import io.parley.bridge.state.Position;
import io.parley.bridge.state.Profile;
import io.parley.bridge.state.PurgeDue;
import io.parley.bridge.state.Reactions;
import io.parley.bridge.state.Routes;
import io.parley.bridge.state.SentIdBucket;
import io.parley.bridge.state.UnreadCount;
import io.parley.bridge.state.Untold;
import io.parley.bridge.state.Users;
import io.parley.bridge.state.Waking;
import io.parley.protocol.wire.Presence;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of rows that a partition holds of its conversations. A key is the letter and what {@link Family#shape} says, separated by bars; letters are in stored
 * state, so one that was used is never used for anything else. {@code docs/state.md} is made of this.
 */
public enum RowFamily {
    HEAD(
            'h',
            "conversation",
            Head.class,
            "settings, number of members, newest seq, the newest block of messages, what is purged, when it is swept"),
    MEMBER('m', "conversation|user", Member.class, "role, and the seq with which the user joined; groups only"),
    PROFILE('g', "conversation", Profile.class, "description and avatar of a group"),
    DISCREET('d', "conversation", Users.class, "members who show no read receipts"),
    ROUTES('r', "conversation", Routes.class, "nodes with a device that is attached, and whether presence is watched"),
    POSITION(
            'c',
            "conversation|user|device",
            Position.class,
            "what a device has acknowledged, and when its user was no member"),
    POINTERS('p', "conversation|user", Pointers.class, "what a member's devices received, and what the member read"),
    SENT_IDS(
            'd',
            "conversation|user|part",
            SentIdBucket.class,
            "ids that a sender's devices took: counters of devices, and buckets of ids"),
    BLOCK('w', "conversation|block", Block.class, "sender, time and kind of 32 seqs, in turns"),
    MARKS('e', "conversation|block|seq", Edits.class, "edits of a message"),
    REACTIONS('e', "conversation|block|seq|user", Reactions.class, "what a member set on a message"),
    MENTIONS('n', "conversation|user", Mentioned.class, "seqs that mention a member"),
    TOLD(
            'f',
            "conversation|user",
            UnreadCount.class,
            "what the member's user machine was told to be unread; none: nothing"),
    WAKING('q', "conversation|user", Waking.class, "a member whose user machine is told of the next event"),
    NOTIFYING(
            'j',
            "conversation|kind|user",
            Notifying.class,
            "members whose user machine is told each message (kind e), or was told some (kind t)"),
    PRESENCE('s', "conversation|user", Presence.class, "who is there, while somebody watches"),
    UNTOLD('u', "conversation", Untold.class, "pointers and presence that devices are still to be told"),
    BLOCKERS('k', "conversation", Users.class, "which of the two of a conversation block the other"),
    BLOCKING(
            'b',
            "conversation|user|blocked",
            Users.class,
            "a member who blocks another; without the second, who blocks anybody"),
    BLOCKED_BY('A', "conversation|blocked|user", Users.class, "the same pairs, by who is blocked"),
    ASKING(
            'a',
            "conversation|user",
            Asking.class,
            "a question to a user machine whether a conversation of two may begin"),
    DECLINED('z', "conversation|user", Declined.class, "a member whose user machine declined to be added"),
    PINS('P', "conversation", Pins.class, "pinned messages: seq, sender and time"),
    PURGE_DUE('y', "conversation", PurgeDue.class, "when it is seen what all have"),
    DUE(
            'E',
            "time|kind|conversation",
            null,
            "index of what is due (kind y: purge, s: sweep), in the order of the times"),
    LIFE('C', "slot|epoch|conversation", null, "index of routes by the life of a node"),
    LIFE_INDEXED('D', "", null, "how far rows that are older than that index are in it");

    private final Family family;

    RowFamily(char letter, String shape, @Nullable Class<? extends MessageLite> row, String holds) {
        family = new Family(letter + "|", shape, row, holds);
    }

    /** What each of its keys begins with. */
    public String prefix() {
        return family.prefix();
    }

    /** Its keys and rows. */
    public Family family() {
        return family;
    }
}
