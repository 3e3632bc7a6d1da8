package io.parley.bridge.user;

import com.google.protobuf.MessageLite;
import io.parley.bridge.Family;
import io.parley.bridge.state.BadgeRow;
import io.parley.bridge.state.Device;
import io.parley.bridge.state.Ending;
import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.state.Invitation;
import io.parley.bridge.state.Known;
import io.parley.bridge.state.LastSession;
import io.parley.bridge.state.Membership;
import io.parley.bridge.state.Moved;
import io.parley.bridge.state.MuteRow;
import io.parley.bridge.state.PushSettingsRow;
import io.parley.bridge.state.PushedRow;
import io.parley.bridge.state.Revocation;
import io.parley.bridge.state.ShownRow;
import io.parley.bridge.state.Spent;
import io.parley.bridge.state.Tally;
import io.parley.bridge.state.TokenOwner;
import io.parley.bridge.state.TokenRow;
import io.parley.bridge.state.UnreadCount;
import io.parley.bridge.state.Visibility;
import io.parley.protocol.log.Node;
import io.parley.protocol.log.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of rows that a partition holds of its users. A key is the prefix and what {@link Family#shape} says, separated by bars; prefixes are in stored state, so
 * one that was used is never used for anything else. {@code docs/state.md} is made of this.
 */
public enum UserFamily {
    DEVICE("x|", "user|device", Device.class, "a device, its connection and its session"),
    FILTER("f|", "user|device|session|about|filter", Subscription.class, "a filter of a session, by what it is about"),
    LAST_SESSION("l|", "user", LastSession.class, "the highest number of a session so far"),
    TAKE_OVER_DUE("p|", "time|user|device", null, "index of sessions that are taken over"),
    END_DUE("e|", "time|user|device", null, "index of sessions that end"),
    ENDING("w|", "user|device|session", Ending.class, "a session that ended, until each conversation forgot it"),
    IN("v|", "user|conversation", Membership.class, "a conversation that the user is in"),
    DEPARTED(
            "d|",
            "user|conversation",
            Membership.class,
            "a conversation that the user left, in which sessions still have positions"),
    MOVED(
            "m|",
            "user|conversation",
            Moved.class,
            "a conversation that moved since the user's sessions had everything of it"),
    UNREAD(
            "c|",
            "user|conversation",
            UnreadCount.class,
            "what is unread of a conversation, as it told last; none: nothing"),
    WATCHING("h|", "user|conversation", null, "a conversation that wants to know when the user comes and goes"),
    VISIBILITY("o|", "user", Visibility.class, "whether the user is there, and what the user shows of it"),
    GRACE_DUE("g|", "user", Visibility.class, "a user who is about to be shown as gone"),
    BLOCKED("b|", "user|other", null, "whom the user blocks; an older row without the second names all"),
    KNOWN("k|", "user", Known.class, "an operator made the user known"),
    TALLY("t|", "user", Tally.class, "how many conversations the user is in"),
    SPENT("s|", "user", Spent.class, "what was done within the hour, of what is limited by the hour"),
    GROUP_REQUESTS("q|", "user", GroupRequests.class, "the last requests for new groups"),
    INVITED("i|", "user|conversation", Invitation.class, "an invitation into a group"),
    INVITED_DUE("i!", "time|user|conversation", null, "index of invitations, by when they end"),
    TOKEN("r|", "user|hash", TokenRow.class, "a push token of a device"),
    TOKEN_OWNER("r|", "#hash", TokenOwner.class, "whose a push token is, in the partition of the token"),
    PUSH_SETTINGS("u|", "user", PushSettingsRow.class, "how the user wants to be notified"),
    MUTE("j|", "user|conversation", MuteRow.class, "a conversation of which the user is not notified, and until when"),
    SHOWN("y|", "user|conversation", ShownRow.class, "what a notification of a conversation shows"),
    PUSHED("A|", "user", PushedRow.class, "what the push service was told last"),
    BADGE("B|", "user", BadgeRow.class, "when the badge is told"),
    PUSH_DUE("z|", "time|user|kind|what", null, "index of what is due of notifications"),
    WINDOW("F!", "time|user|what", null, "index of windows of a user's rows, by when they are over"),
    REVOCATION(
            "E|", "user", Revocation.class, "since when the user's tokens are good, until each older one has expired"),
    NODE("n|", "slot", Node.class, "a life of a node that users of the partition were connected to"),
    LIFE("C|", "slot|epoch|user|device", null, "index of connections by the life of a node"),
    LIFE_INDEXED("D|", "", null, "how far rows that are older than that index are in it");

    private final Family family;

    UserFamily(String prefix, String shape, @Nullable Class<? extends MessageLite> row, String holds) {
        family = new Family(prefix, shape, row, holds);
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
