package io.parley.history;

import io.javalin.config.JavalinConfig;
import io.parley.identity.Tokens;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Holds a request back until it is known whose its token is, where that has to be asked. No thread waits. */
final class AskedTokens extends Handler.Wrapper {
    /** The request's attribute with the {@link io.parley.identity.Verification}; missing where nobody was asked. */
    static final String ANSWER = "parley.token";

    private static final String SCHEME = "bearer ";
    private static final String API = "/v1/";
    /** These calls have the operator's key in place of a token: it is shown to nobody. */
    private static final String OPERATOR = "/v1/operator";

    private final Tokens tokens;

    AskedTokens(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Asks before everything that the server serves. */
    static void before(JavalinConfig config, Tokens tokens) {
        config.jetty.modifyServer(server -> server.setHandler(new AskedTokens(tokens)));
    }

    /** The token of an Authorization header; empty if there is none. */
    static Optional<String> token(@Nullable String header) {
        return Optional.ofNullable(header)
                .filter(text -> text.toLowerCase(Locale.ROOT).startsWith(SCHEME))
                .map(text -> text.substring(SCHEME.length()).strip());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        Optional<String> token = path.startsWith(API) && !path.startsWith(OPERATOR)
                ? token(request.getHeaders().get(HttpHeader.AUTHORIZATION)).filter(tokens::isAsked)
                : Optional.empty();
        if (token.isEmpty()) {
            return super.handle(request, response, callback);
        }
        var unused = tokens.check(token.get())
                .thenAcceptAsync(
                        answer -> {
                            request.setAttribute(ANSWER, answer);
                            handOn(request, response, callback);
                        },
                        request.getComponents().getExecutor());
        return true;
    }

    private void handOn(Request request, Response response, Callback callback) {
        try {
            if (!super.handle(request, response, callback)) {
                Response.writeError(request, response, callback, 404);
            }
        } catch (Exception e) {
            Response.writeError(request, response, callback, e);
        }
    }
}
