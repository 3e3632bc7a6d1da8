package io.parley.bridge.user;

import io.parley.bridge.state.Device;
import io.parley.bridge.state.GroupRequests;
import io.parley.bridge.state.Users;
import io.parley.bridge.state.Visibility;
import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.List;
import java.util.Map;

/** One user as the rules see it. Nothing here writes: only {@link UserStore#apply} changes state. */
public interface UserState {
    /** Who this is. */
    UserId id();

    /** The user's devices, connected and not, by name. */
    Map<String, Device> devices();

    /** The conversations that the user is in. */
    List<ConversationId> conversations();

    /** Whether the user is in that conversation. */
    boolean isIn(ConversationId conversation);

    /** Whether the user is there, and what the user shows. */
    Visibility visibility();

    /** Whom the user blocks. */
    Users blocked();

    /** The last requests to create a group, oldest first. */
    GroupRequests groupRequests();
}
