package io.parley.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.javalin.Javalin;
import io.parley.identity.DevKeys;
import io.parley.identity.Revocations;
import io.parley.identity.TokenAuthority;
import io.parley.identity.TokenVerifier;
import io.parley.identity.Tokens;
import io.parley.identity.TopicClaims;
import io.parley.identity.Verification;
import io.parley.identity.Verification.Reason;
import io.parley.identity.Verification.Refused;
import io.parley.identity.Verification.Verified;
import io.parley.protocol.UserId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests with tokens that somebody has to be asked about, at a real Jetty with few threads. */
class AskedTokensTest implements TokenAuthority {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int THREADS = 8;
    private static final UserId ANN = UserId.parse("ann");

    private final Map<String, CompletableFuture<Verification>> questions = new ConcurrentHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private DevKeys keys;
    private Javalin server;

    @BeforeEach
    void start() throws Exception {
        keys = DevKeys.openOrCreate(directory, "parley", "parley");
        TokenVerifier own =
                TokenVerifier.of(keys.jwks().toString(), "parley", "parley", Duration.ofDays(30), Revocations.NONE);
        Askers askers = new Askers(own, new RequestLimit(1000));
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.jetty.threadPool = new QueuedThreadPool(THREADS, THREADS);
                    AskedTokens.before(config, Tokens.with(own, this, new Tokens.Memory(Duration.ZERO, 1)));
                    config.routes.exception(Refusal.class, (refusal, context) -> Answers.refuse(context, refusal));
                    config.routes.get(
                            "/v1/me",
                            context -> context.result(askers.user(context).value()));
                    config.routes.delete("/v1/operator/x", context -> context.result("done"));
                })
                .start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Override
    public Asked asked() {
        return Asked.OTHERS;
    }

    @Override
    public CompletionStage<Verification> ask(String token) {
        return questions.computeIfAbsent(token, asked -> new CompletableFuture<>());
    }

    private CompletableFuture<HttpResponse<String>> call(String method, String path, String token) {
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("Authorization", "Bearer " + token)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void requests_that_wait_for_an_answer_hold_no_thread_and_go_on_when_it_comes() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 4 * THREADS; i++) {
            waiting.add(call("GET", "/v1/me", "opaque-" + i));
        }
        await().atMost(LIMIT).until(() -> questions.size() == 4 * THREADS);

        HttpResponse<String> own =
                call("GET", "/v1/me", keys.sign(ANN, Duration.ofMinutes(5))).get();
        assertThat(own.body()).isEqualTo("ann");
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        Instant now = Instant.now();
        questions.forEach((token, answer) ->
                answer.complete(new Verified(UserId.parse(token), now, now.plusSeconds(60), TopicClaims.NONE)));
        for (int i = 0; i < waiting.size(); i++) {
            assertThat(waiting.get(i).get().body()).isEqualTo("opaque-" + i);
        }
    }

    @Test
    void a_refusal_is_told_with_its_reason_and_without_an_answer_it_is_not_now() throws Exception {
        questions.put("lost", CompletableFuture.completedFuture(new Refused(Reason.DENIED, "it was lost")));
        questions.put("away", CompletableFuture.failedFuture(new IllegalStateException("away")));

        HttpResponse<String> lost = call("GET", "/v1/me", "lost").get();
        assertThat(lost.statusCode()).isEqualTo(401);
        assertThat(lost.body()).contains("it was lost");
        HttpResponse<String> away = call("GET", "/v1/me", "away").get();
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void the_operators_key_and_what_is_no_token_is_shown_to_nobody() throws Exception {
        assertThat(call("DELETE", "/v1/operator/x", "the operator's key").get().body())
                .isEqualTo("done");
        assertThat(call("GET", "/v1/me", "x".repeat(8_193)).get().statusCode()).isIn(401, 431);
        assertThat(call("GET", "/elsewhere", "opaque").get().statusCode()).isEqualTo(404);
        assertThat(questions).isEmpty();
    }
}
