package io.parley.gateway.requesting;

import io.parley.protocol.log.Origin;
import io.parley.protocol.plugin.RequestQuestion;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.Reply;
import io.parley.protocol.wire.Request;

/** A request that a plugin answers. It is taken at once: when its node dies, there is no answer, and the device asks again. */
final class PluginRequestHandler implements RequestHandler {
    private static final int LONGEST_BODY = 65_536;

    private final PluginPort plugins;
    private final Outages outages;

    PluginRequestHandler(PluginPort plugins, Outages outages) {
        this.plugins = plugins;
        this.outages = outages;
    }

    @Override
    public void handle(Origin origin, Request request, Answer answer) {
        if (request.getPluginRequest().getBodyBytes().size() > LONGEST_BODY) {
            answer.refuse(request, ErrorCode.TOO_LARGE, "body has " + LONGEST_BODY + " bytes at most");
            return;
        }
        RequestQuestion question = RequestQuestion.newBuilder()
                .setUser(origin.getUser())
                .setDevice(origin.getDevice())
                .setRequest(request.getPluginRequest())
                .build();
        answer.taken(null);
        var unused = plugins.request(question).whenComplete((told, failure) -> {
            if (failure != null) {
                outages.report("plugins", failure);
                answer.reply(
                        Answer.error(request, ErrorCode.UNAVAILABLE, "the plugins do not answer, try again later"));
                return;
            }
            Reply.Builder reply = Reply.newBuilder().setRequestId(request.getRequestId());
            answer.reply(
                    told.hasError()
                            ? reply.setError(told.getError()).build()
                            : reply.setPluginReply(told.getReply()).build());
        });
    }
}
