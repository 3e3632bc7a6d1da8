package io.parley.plugins.acting;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.parley.plugin.ChatClient;
import io.parley.plugin.ChatException;
import io.parley.protocol.UserId;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A bot's calls of the HTTP API. */
final class HttpChatClient implements ChatClient {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int FIRST_REFUSAL = 400;
    private static final Gson GSON = new Gson();

    private final HttpClient http;
    private final URI api;
    private final UserId bot;
    private final BotTokens tokens;

    HttpChatClient(HttpClient http, URI api, UserId bot, BotTokens tokens) {
        this.http = http;
        this.api = api;
        this.bot = bot;
        this.tokens = tokens;
    }

    @Override
    public String user() {
        return bot.value();
    }

    @Override
    public CompletionStage<Void> send(String conversation, String id, String text) {
        String path = "/v1/conversations/" + URLEncoder.encode(conversation, StandardCharsets.UTF_8) + "/messages";
        return post(path, GSON.toJson(Map.of("id", id, "text", text))).thenApply(answer -> null);
    }

    @Override
    public CompletionStage<String> createGroup(String name, List<String> members) {
        String request = GSON.toJson(Map.of("createGroup", Map.of("name", name, "members", members)));
        return post("/v1/requests", request)
                .thenApply(answer -> JsonParser.parseString(answer)
                        .getAsJsonObject()
                        .get("conversation")
                        .getAsString());
    }

    @Override
    public CompletionStage<String> request(String json) {
        return post("/v1/requests", json);
    }

    private CompletableFuture<String> post(String path, String body) {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(api.resolve(path))
                    .timeout(PATIENCE)
                    .header("Authorization", "Bearer " + tokens.of(bot))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new ChatException(0, String.valueOf(e.getMessage())));
        }
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).handle((response, failure) -> {
            if (response == null) {
                throw new CompletionException(new ChatException(0, String.valueOf(failure)));
            }
            if (response.statusCode() >= FIRST_REFUSAL) {
                throw new CompletionException(new ChatException(response.statusCode(), message(response.body())));
            }
            return response.body();
        });
    }

    private static String message(String body) {
        try {
            JsonObject error = JsonParser.parseString(body).getAsJsonObject().getAsJsonObject("error");
            return error.get("code").getAsString() + ": " + error.get("message").getAsString();
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            return "refused without a reason";
        }
    }
}
