package io.parley.demo;

import io.parley.protocol.UserId;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The HTTP API's calls of one user; none waits. Many users may share a client, and with it its connections and threads. */
public final class HttpCalls {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String JSON = "application/json";

    private final HttpClient http;
    private final DemoTarget target;
    private final UserId user;
    private final AtomicInteger turns = new AtomicInteger();

    HttpCalls(HttpClient http, DemoTarget target, UserId user) {
        this.http = http;
        this.target = target;
        this.user = user;
    }

    /** Connections for as many users as one likes. */
    public static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build();
    }

    CompletableFuture<HttpResponse<byte[]>> get(String path, Duration patience) {
        return sent(request(path, patience));
    }

    /** Posts a body of JSON. */
    CompletableFuture<HttpResponse<byte[]>> post(String path, byte[] body) {
        return post(path, JSON, body);
    }

    CompletableFuture<HttpResponse<byte[]>> post(String path, String contentType, byte[] body) {
        return sent(request(path, PATIENCE)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    private HttpRequest.Builder request(String path, Duration patience) {
        return HttpRequest.newBuilder(target.turned(turns.get()).http().resolve(path))
                .header("Authorization", "Bearer " + target.tokens().apply(user))
                .timeout(patience);
    }

    private CompletableFuture<HttpResponse<byte[]>> sent(HttpRequest.Builder request) {
        int turn = turns.get();
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        // The next call goes to the next service. Others that failed with this one change nothing more.
                        turns.compareAndSet(turn, turn + 1);
                    }
                });
    }

    /** In how many milliseconds the service wants to be asked again; empty if it has given its answer. */
    static OptionalLong againMillis(HttpResponse<byte[]> answer) {
        if (answer.statusCode() != 429 && answer.statusCode() != 503) {
            return OptionalLong.empty();
        }
        long seconds = answer.headers().firstValueAsLong("Retry-After").orElse(1);
        return OptionalLong.of(seconds * 1_000);
    }
}
