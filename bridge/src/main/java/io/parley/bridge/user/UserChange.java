package io.parley.bridge.user;

import io.parley.bridge.state.Device;
import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.state.Users;
import io.parley.bridge.state.Visibility;
import io.parley.protocol.ConversationId;

/** What can happen to a user's state. */
public sealed interface UserChange {
    /** A device connected, changed what it wants, or disconnected. */
    record DeviceSeen(String name, Device device) implements UserChange {}

    /** A device was removed. */
    record DeviceRemoved(String name) implements UserChange {}

    /** The user came, went, or shows more or less than before. */
    record VisibilityChanged(Visibility visibility) implements UserChange {}

    /** The user came into a conversation. */
    record Joined(ConversationId conversation, int seq) implements UserChange {}

    /** The user is no longer in a conversation. */
    record Left(ConversationId conversation) implements UserChange {}

    /** Nothing of the user is left but the names of conversations of two. */
    record Erased() implements UserChange {}

    /** Whom the user blocks. */
    record BlockedSet(Users blocked) implements UserChange {}

    /** A group was asked for; all requests that are still remembered. */
    record GroupRequested(GroupRequests remembered) implements UserChange {}
}
