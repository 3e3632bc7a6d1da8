package io.parley.gateway.requesting;

import io.parley.gateway.CommandLog;
import io.parley.gateway.Ids;
import io.parley.protocol.UserId;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Request;

/**
 * Founds a group under a new id, if the user's machine allows it.
 *
 * @param log where the command goes
 */
record CreateGroupRequest(CommandLog log) implements RequestHandler {
    @Override
    public void handle(Origin origin, Request request, Answer answer) {
        UserId user = UserId.parse(origin.getUser());
        request.getCreateGroup().getMembersList().forEach(UserId::parse);
        UserCommand command = UserCommand.newBuilder()
                .setOrigin(origin)
                .setRequestId(request.getRequestId())
                .setOpenGroup(OpenGroup.newBuilder()
                        .setConversation(Ids.group().value())
                        .setGroup(request.getCreateGroup()))
                .build();
        log.append(user, command, answer::taken);
    }
}
