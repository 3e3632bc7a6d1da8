package io.parley.standalone;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A user who calls the HTTP API. */
final class HttpCaller {
    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final Duration PATIENCE = Duration.ofSeconds(70);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Platform platform;
    private final UserId user;

    HttpCaller(Platform platform, String user) {
        this.platform = platform;
        this.user = UserId.parse(user);
    }

    /** An answer and its body. */
    record Answer(int status, JsonObject body) {
        private static Answer of(HttpResponse<String> response) {
            return new Answer(
                    response.statusCode(),
                    response.body().isEmpty()
                            ? new JsonObject()
                            : JsonParser.parseString(response.body()).getAsJsonObject());
        }

        String code() {
            return body.getAsJsonObject("error").get("code").getAsString();
        }
    }

    Answer get(String path) throws IOException, InterruptedException {
        return Answer.of(http.send(request(path).build(), HttpResponse.BodyHandlers.ofString()));
    }

    CompletableFuture<Answer> getLater(String path) {
        return http.sendAsync(request(path).build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(Answer::of);
    }

    /** The lines of a stream as they come. */
    Stream<String> lines(String path, String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofLines()).body();
    }

    Answer post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return Answer.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return Answer.of(http.send(request(path).DELETE().build(), HttpResponse.BodyHandlers.ofString()));
    }

    Answer ask(String request) throws IOException, InterruptedException {
        return post("/v1/requests", request);
    }

    Answer send(String conversation, String message) throws IOException, InterruptedException {
        return post("/v1/conversations/" + conversation + "/messages", message);
    }

    /** Any call, with more headers. */
    HttpResponse<byte[]> call(String method, String path, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path)
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder request(String path) {
        URI address = URI.create(
                "http://" + Addresses.HOST + ":" + platform.addresses().http() + path);
        return HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + platform.token(user, LIFETIME));
    }
}
