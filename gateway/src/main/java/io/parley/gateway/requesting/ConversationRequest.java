package io.parley.gateway.requesting;

import io.parley.gateway.CommandLog;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.ConversationCommand;
import io.parley.protocol.log.Origin;
import io.parley.protocol.wire.Request;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A request that a conversation's machine answers.
 *
 * @param log where the command goes
 * @param conversation reads which conversation it is about
 * @param setting puts what is asked for into the command
 */
record ConversationRequest(
        CommandLog log,
        Function<Request, String> conversation,
        BiConsumer<ConversationCommand.Builder, Request> setting)
        implements RequestHandler {
    @Override
    public void handle(Origin origin, Request request, Answer answer) {
        ConversationCommand.Builder command =
                ConversationCommand.newBuilder().setOrigin(origin).setRequestId(request.getRequestId());
        setting.accept(command, request);
        log.append(ConversationId.parse(conversation.apply(request)), command.build(), answer::taken);
    }
}
