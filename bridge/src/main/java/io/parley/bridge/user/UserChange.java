package io.parley.bridge.user;

import io.parley.bridge.state.Device;
import io.parley.bridge.state.GroupRequests;
import io.parley.protocol.ConversationId;

/** What can happen to a user's state. */
public sealed interface UserChange {
    /** A device connected, or changed what it wants. */
    record DeviceSeen(String name, Device device) implements UserChange {}

    /** A device's connection ended. */
    record DeviceGone(String name) implements UserChange {}

    /** The user came into a conversation. */
    record Joined(ConversationId conversation, int seq) implements UserChange {}

    /** The user is no longer in a conversation. */
    record Left(ConversationId conversation) implements UserChange {}

    /** A group was asked for; all requests that are still remembered. */
    record GroupRequested(GroupRequests remembered) implements UserChange {}
}
