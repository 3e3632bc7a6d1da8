package io.parley.gateway.requesting;

import io.parley.gateway.CommandLog;
import io.parley.protocol.UserId;
import io.parley.protocol.log.Origin;
import io.parley.protocol.log.UserCommand;
import io.parley.protocol.wire.Request;
import java.util.function.BiConsumer;

/**
 * A request that the asking user's machine answers.
 *
 * @param log where the command goes
 * @param setting puts what is asked for into the command
 */
record UserRequest(CommandLog log, BiConsumer<UserCommand.Builder, Request> setting) implements RequestHandler {
    @Override
    public void handle(Origin origin, Request request, Answer answer) {
        UserCommand.Builder command = UserCommand.newBuilder().setOrigin(origin).setRequestId(request.getRequestId());
        setting.accept(command, request);
        log.append(UserId.parse(origin.getUser()), command.build(), answer::taken);
    }
}
