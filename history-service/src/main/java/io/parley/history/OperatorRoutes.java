package io.parley.history;

import static io.parley.history.HistoryServer.named;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.parley.protocol.UserId;
import io.parley.protocol.log.RevokeTokens;
import io.parley.protocol.log.UserCommand;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What the operator's own programs ask, such as an identity provider after a change of password: {@code DELETE /v1/operator/users/{user}/tokens}. By a key in
 * place of a token; without one in the settings there is nothing here.
 */
final class OperatorRoutes implements Routes {
    private static final String SCHEME = "Bearer ";
    private static final UserCommand REVOKE = UserCommand.newBuilder()
            .setRevokeTokens(RevokeTokens.getDefaultInstance())
            .build();

    private final byte[] authorization;
    private final boolean offered;
    private final ChatSource chats;
    private final Duration timeout;

    /**
     * @param key what callers show; empty: nobody may call
     * @param timeout until the log has what was asked
     */
    OperatorRoutes(String key, ChatSource chats, Duration timeout) {
        this.authorization = (SCHEME + key).getBytes(StandardCharsets.UTF_8);
        this.offered = !key.isEmpty();
        this.chats = chats;
        this.timeout = timeout;
    }

    @Override
    public void add(RoutesConfig routes) {
        routes.delete("/v1/operator/users/{user}/tokens", named("revoke", this::revoke));
    }

    private void revoke(Context context) {
        String shown = context.header("Authorization");
        if (!offered
                || shown == null
                || !MessageDigest.isEqual(authorization, shown.getBytes(StandardCharsets.UTF_8))) {
            throw Refusal.noToken();
        }
        String name = context.pathParam("user");
        if (!UserId.isValid(name)) {
            throw Refusal.bad("the user is 1-64 of [a-z0-9_.-]");
        }
        Chat chat = chats.require();
        context.future(() -> {
            CompletableFuture<Void> logged = new CompletableFuture<>();
            chat.node().log().append(UserId.parse(name), REVOKE, failure -> {
                if (failure == null) {
                    logged.complete(null);
                } else {
                    logged.completeExceptionally(Refusal.noLog());
                }
            });
            return logged.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS).thenRun(() -> context.status(204));
        });
    }
}
