package io.parley.demo;

import io.parley.protocol.ConversationId;
import io.parley.protocol.DeviceId;
import io.parley.protocol.UserId;
import io.parley.protocol.wire.CreateGroup;
import io.parley.protocol.wire.Request;
import java.util.List;

/** Founds groups for programs that talk in them with devices of their own. */
public final class Groups {
    private Groups() {}

    /**
     * Founds a group and returns when the platform says that it exists.
     *
     * @param founder a device of the owner; it is connected for the request only and receives no messages
     * @param members the others
     */
    public static ConversationId found(DemoTarget target, DeviceId founder, String name, List<UserId> members)
            throws DeviceException {
        CreateGroup.Builder group = CreateGroup.newBuilder().setName(name);
        members.stream().map(UserId::value).forEach(group::addMembers);
        try (Person person = new Person(target, founder, Device::v5)) {
            person.connectForAnswers();
            return ConversationId.parse(
                    person.ask(Request.newBuilder().setCreateGroup(group)).getConversation());
        }
    }
}
