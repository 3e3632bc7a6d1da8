package io.parley.examples.webhookbridge;

import io.parley.plugin.Event;
import io.parley.plugin.Plugin;
import io.parley.plugin.PluginContext;
import io.parley.plugin.SubscriptionTerms;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/**
 * Posts every event to a URL, and takes messages by HTTP. Settings, in {@code webhook-bridge.properties}:
 *
 * <ul>
 *   <li>{@code url}: where each event is posted, as JSON {@code {"conversation","event"}}. The header {@code X-Parley-Signature} is {@code sha256=} and the
 *       HMAC-SHA256 of the body in hex. An answer that is not 2xx is repeated for an hour, with growing pauses
 *   <li>{@code secret}: the key of signatures, both ways
 *   <li>{@code port}: where messages come in ({@link IncomingHooks}), on {@code bind} (default 127.0.0.1)
 *   <li>{@code bot}: the user who sends them (default {@code bot-hooks})
 * </ul>
 */
public final class WebhookBridge implements Plugin {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final SubscriptionTerms TERMS =
            new SubscriptionTerms(DEADLINE, 100, Duration.ofMillis(500), Duration.ofSeconds(40), Duration.ofDays(1));

    private IncomingHooks incoming;

    @Override
    public void start(PluginContext context) throws IOException {
        Map<String, String> settings = context.settings();
        Signature signature = new Signature(needed(settings, "secret"));
        URI url = URI.create(needed(settings, "url"));
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(DEADLINE)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        context.subscribe("hooks", event -> post(http, url, signature, event), TERMS);
        incoming = IncomingHooks.start(
                settings.getOrDefault("bind", "127.0.0.1"),
                Integer.parseInt(settings.getOrDefault("port", "8097")),
                signature,
                context.client(settings.getOrDefault("bot", "bot-hooks")));
    }

    private static String needed(Map<String, String> settings, String name) {
        String value = settings.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new IllegalArgumentException("set " + name + " in webhook-bridge.properties");
        }
        return value;
    }

    private static void post(HttpClient http, URI url, Signature signature, Event event)
            throws IOException, InterruptedException {
        String body = "{\"conversation\":\"" + event.conversation() + "\",\"event\":" + event.json() + "}";
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(DEADLINE)
                .header("Content-Type", "application/json")
                .header(Signature.HEADER, signature.of(body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status / 100 != 2) {
            throw new IOException(url + " answers " + status);
        }
    }

    @Override
    public void stop() {
        if (incoming != null) {
            incoming.close();
        }
    }
}
