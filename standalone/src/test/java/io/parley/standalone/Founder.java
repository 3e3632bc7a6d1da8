package io.parley.standalone;

import io.parley.protocol.ConversationId;
import io.parley.protocol.UserId;
import java.util.List;

/** Makes groups for tests, through a device that is not seen again. */
public final class Founder {
    private Founder() {}

    /** A group of {@code user}, who makes it, and the others. */
    public static ConversationId createGroup(Platform platform, UserId user, List<UserId> others) throws Exception {
        try (HiveDevice device = HiveDevice.connect(platform, user + "/founder")) {
            return device.createGroup("group", others.toArray(new UserId[0]));
        }
    }
}
