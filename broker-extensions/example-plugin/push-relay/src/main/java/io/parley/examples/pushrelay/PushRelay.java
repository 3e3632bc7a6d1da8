package io.parley.examples.pushrelay;

import io.parley.plugin.Plugin;
import io.parley.plugin.PluginContext;
import io.parley.plugin.PushNotification;
import io.parley.plugin.PushResult;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Posts each notification to a URL, as JSON ({@link Json}). The answer 2xx means that it was taken, 404 and 410 that there is no such token any more, 429 and 5xx
 * that it should come again, after {@code Retry-After} seconds if the answer says so; everything else is refused for good. Settings, in {@code push-relay.properties}:
 *
 * <ul>
 *   <li>{@code url}: where to post
 *   <li>{@code authorization}: the header of that name; none without it
 *   <li>{@code provider}: the name under which apps register (default {@code relay}); the operator names it in {@code PARLEY_PUSH_PLUGINS}
 * </ul>
 */
public final class PushRelay implements Plugin {
    private static final Duration DEADLINE = Duration.ofSeconds(8);
    private static final int TOO_MANY = 429;

    @Override
    public void start(PluginContext context) {
        Map<String, String> settings = context.settings();
        String url = settings.getOrDefault("url", "");
        if (url.isBlank()) {
            throw new IllegalArgumentException("set url in push-relay.properties");
        }
        URI target = URI.create(url.strip());
        String authorization = settings.getOrDefault("authorization", "");
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(DEADLINE)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        context.push(
                settings.getOrDefault("provider", "relay"),
                notification -> post(http, target, authorization, notification),
                DEADLINE);
    }

    /** What fails, fails: Parley comes again. */
    private static CompletionStage<PushResult> post(
            HttpClient http, URI target, String authorization, PushNotification notification) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(DEADLINE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.of(notification)));
        if (!authorization.isBlank()) {
            request.header("Authorization", authorization.strip());
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
                .thenApply(PushRelay::result);
    }

    private static PushResult result(HttpResponse<Void> answer) {
        int status = answer.statusCode();
        if (status / 100 == 2) {
            return PushResult.accepted();
        }
        if (status == 404 || status == 410) {
            return PushResult.tokenGone();
        }
        Duration after = Duration.ofSeconds(
                seconds(answer.headers().firstValue("Retry-After").orElse("")));
        if (status == TOO_MANY) {
            return PushResult.later(after);
        }
        return status / 100 == 5 ? PushResult.down(after) : PushResult.refused();
    }

    private static long seconds(String text) {
        return text.matches("\\d{1,6}") ? Long.parseLong(text) : 0;
    }
}
