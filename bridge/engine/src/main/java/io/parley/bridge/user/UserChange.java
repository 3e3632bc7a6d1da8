package io.parley.bridge.user;

import io.parley.bridge.state.Device;
import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.state.Invitation;
import io.parley.bridge.state.Moved;
import io.parley.bridge.state.MuteRow;
import io.parley.bridge.state.PushSettingsRow;
import io.parley.bridge.state.PushedRow;
import io.parley.bridge.state.Revocation;
import io.parley.bridge.state.ShownRow;
import io.parley.bridge.state.Spent;
import io.parley.bridge.state.TokenRow;
import io.parley.bridge.state.UnreadCount;
import io.parley.bridge.state.Visibility;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Subscription;

/** What can happen to a user's state. */
public sealed interface UserChange {
    /** A device connected, disconnected, or is asked for by another connection. */
    record DeviceSeen(String name, Device device) implements UserChange {}

    /** The device's session is over. */
    record SessionEnded(String name, Device device) implements UserChange {}

    /** Of a session that is over, conversations up to one were told to forget its cursor. */
    record SessionTold(EndedSession ended) implements UserChange {}

    /** Of a session that is over, every conversation was told. */
    record SessionForgotten(EndedSession ended) implements UserChange {}

    /** A session subscribed to a filter, or did so again. */
    record Subscribed(String device, long session, Subscription subscription) implements UserChange {}

    /** A filter of a session is gone. */
    record Unsubscribed(String device, long session, String filter) implements UserChange {}

    /** The user came, went, or shows more or less than before. */
    record VisibilityChanged(Visibility visibility) implements UserChange {}

    /** The user came into a conversation. */
    record Joined(ConversationId conversation, int seq) implements UserChange {}

    /** The user is no longer in a conversation. */
    record Left(ConversationId conversation) implements UserChange {}

    /** The user is no longer in a conversation, in which sessions still have cursors. */
    record Departed(ConversationId conversation) implements UserChange {}

    /** What sessions may lack of a conversation. */
    record ConversationMoved(ConversationId conversation, Moved moved) implements UserChange {}

    /** No session lacks anything of the conversation, which wakes the user with its next event. */
    record ConversationSettled(ConversationId conversation) implements UserChange {}

    /** A conversation told what the user has not read there. */
    record UnreadCounted(ConversationId conversation, UnreadCount unread) implements UserChange {}

    /** From now on there is a row for each conversation that moved; until then any may have. */
    record MovedKept() implements UserChange {}

    /** The conversation wants to know when the user comes and goes, or does no more. */
    record WatchSet(ConversationId conversation, boolean on) implements UserChange {}

    /** In a conversation that the user is no longer in, no session has a cursor any more. */
    record Drained(ConversationId conversation) implements UserChange {}

    /** Nothing of the user is left but the names of conversations of two, of sessions that conversations are to forget, and of {@link Departed}. */
    record Erased() implements UserChange {}

    /** The user blocks somebody, or does no more. */
    record BlockSet(UserId other, boolean blocked) implements UserChange {}

    /** What the user did lately, of what is limited by the hour. */
    record SpentSet(Spent spent) implements UserChange {}

    /** Nothing of that counts any more. */
    record SpentEnded() implements UserChange {}

    /** No request to create a group is remembered any more. */
    record GroupRequestsEnded() implements UserChange {}

    /** The user's tokens were revoked. */
    record TokensRevoked(Revocation revocation) implements UserChange {}

    /** Each token that was revoked has expired. */
    record RevocationEnded() implements UserChange {}

    /** An operator said that there is such a user. */
    record MadeKnown(long sinceMillis) implements UserChange {}

    /** The user has a push token, or it changed. */
    record TokenSet(String hash, TokenRow row) implements UserChange {}

    /** The user has that token no more. */
    record TokenRemoved(String hash) implements UserChange {}

    /** How the user wants to be notified, and when the next summary is due. */
    record PushSettingsSet(PushSettingsRow settings) implements UserChange {}

    /** The user muted a conversation. */
    record MuteSet(ConversationId conversation, MuteRow mute) implements UserChange {}

    /** The user mutes it no more. */
    record MuteEnded(ConversationId conversation) implements UserChange {}

    /** What the user was notified of there, or is to be in a summary. */
    record ShownSet(ConversationId conversation, ShownRow shown) implements UserChange {}

    /** Nothing of the conversation is shown any more. */
    record ShownEnded(ConversationId conversation) implements UserChange {}

    /** The user was pushed to, and no device came since. */
    record PushedSet(PushedRow row) implements UserChange {}

    /** A device of the user's came. */
    record PushedEnded() implements UserChange {}

    /** When the devices are told that there is less unread; 0: they know. */
    record BadgeDue(long dueMillis) implements UserChange {}

    /** Somebody invited the user into a group, or did so again. */
    record InvitationSet(ConversationId group, Invitation invitation) implements UserChange {}

    /** The user is a member, does not want to be, or the invitation is void. */
    record InvitationEnded(ConversationId group) implements UserChange {}

    /** A group was asked for; all requests that are still remembered. */
    record GroupRequested(GroupRequests remembered) implements UserChange {}
}
