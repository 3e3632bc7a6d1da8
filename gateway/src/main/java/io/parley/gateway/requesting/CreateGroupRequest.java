package io.parley.gateway.requesting;

import io.parley.gateway.CommandLog;
import io.parley.gateway.Ids;
import io.parley.gateway.throttling.Limits;
import io.parley.protocol.UserId;
import io.parley.protocol.log.OpenGroup;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Request;

/**
 * Founds a group under a new id.
 *
 * @param limits how many groups a user may found
 */
record CreateGroupRequest(CommandLog log, Limits limits) implements RequestHandler {
    @Override
    public void handle(Origin origin, Request request, Answer answer) {
        UserId user = UserId.parse(origin.getUser());
        if (!limits.group(user)) {
            Requests.limited(request, answer);
            return;
        }
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
