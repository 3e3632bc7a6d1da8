package io.parley.plugins.requesting;

import io.parley.plugin.PluginRequest;
import io.parley.plugin.RequestRefusedException;
import io.parley.plugins.hosting.Lines;
import io.parley.plugins.hosting.PluginHost;
import io.parley.protocol.plugin.RequestAnswer;
import io.parley.protocol.plugin.RequestQuestion;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.ErrorCode;
import io.parley.protocol.wire.PluginReply;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands a request to the plugin that it names. */
public final class RequestDesk {
    private static final Logger LOG = LoggerFactory.getLogger(RequestDesk.class);
    private static final int LONGEST_BODY = 65_536;

    private final PluginHost host;

    public RequestDesk(PluginHost host) {
        this.host = host;
    }

    /** The answer to a node's question; never fails. */
    public CompletableFuture<RequestAnswer> answer(RequestQuestion question) {
        String plugin = question.getRequest().getPlugin();
        Optional<CompletableFuture<String>> answer = host.request(
                plugin,
                new PluginRequest(
                        question.getUser(),
                        question.getDevice(),
                        question.getRequest().getKind(),
                        question.getRequest().getBody()));
        return answer.map(body -> body.handle((told, failure) -> answer(plugin, told, failure)))
                .orElseGet(() -> CompletableFuture.completedFuture(
                        error(ErrorCode.NOT_FOUND, "there is no plugin that answers this kind of request")));
    }

    private static RequestAnswer answer(String plugin, @Nullable String body, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (cause instanceof RequestRefusedException refused) {
            return error(ErrorCode.NOT_ALLOWED, Lines.shown(refused.getMessage(), "refused by " + plugin));
        }
        if (body == null || body.getBytes(StandardCharsets.UTF_8).length > LONGEST_BODY) {
            LOG.warn("plugin={} did not answer a request: {}", plugin, cause == null ? "no or too long a body" : cause);
            return error(ErrorCode.UNAVAILABLE, "the plugin did not answer, try again later");
        }
        return RequestAnswer.newBuilder()
                .setReply(PluginReply.newBuilder().setBody(body))
                .build();
    }

    private static RequestAnswer error(ErrorCode code, String message) {
        return RequestAnswer.newBuilder()
                .setError(Error.newBuilder().setCode(code).setMessage(message))
                .build();
    }
}
