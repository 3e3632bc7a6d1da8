package io.parley.push.sink;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * The service of a browser, and the browser, on this machine. It takes a message only if the request is right in every header, signed by VAPID and encrypted for the
 * subscription; an error says in its body what was wrong.
 */
public final class WebPushCounterpart implements AutoCloseable {
    private static final String NAME = "web-push-counterpart";
    private static final String PUSH = "/push/";
    private static final int MOST_BYTES = 4096;

    private final Browsers browsers;
    private final Set<String> signers = ConcurrentHashMap.newKeySet();
    private final Consumer<SinkRecord> accepted;
    private final Clock clock;
    private final WebPushRequest checks;
    private final LocalServer server;

    /**
     * Starts it on the loopback address.
     *
     * @param port 0: any free one
     * @param accepted is told each message; from several threads
     */
    public WebPushCounterpart(int port, Clock clock, Consumer<SinkRecord> accepted) throws IOException {
        this(port, clock, Browsers.forgotten(), accepted);
    }

    /**
     * Starts it on the loopback address.
     *
     * @param browsers who subscribed before
     */
    WebPushCounterpart(int port, Clock clock, Browsers browsers, Consumer<SinkRecord> accepted) throws IOException {
        this(new LocalServer(NAME, port), clock, browsers, accepted);
    }

    /**
     * Starts it as {@code localhost}, over TLS.
     *
     * @param tls with a certificate for that name
     */
    public WebPushCounterpart(int port, SSLContext tls, Clock clock, Consumer<SinkRecord> accepted) throws IOException {
        this(new LocalServer(NAME, port, tls), clock, Browsers.forgotten(), accepted);
    }

    private WebPushCounterpart(LocalServer server, Clock clock, Browsers browsers, Consumer<SinkRecord> accepted) {
        this.browsers = browsers;
        this.accepted = accepted;
        this.clock = clock;
        this.server = server;
        this.checks = new WebPushRequest(server.address().toString(), clock);
        server.on(PUSH, this::accept);
        server.on("/subscribe", this::subscribe);
        server.start();
    }

    /** Where it is. {@code POST /subscribe} makes a subscription, as {@link #subscribe()} does. */
    public URI address() {
        return server.address();
    }

    /** A browser that subscribes. */
    public Subscription subscribe() {
        String id = UUID.randomUUID().toString();
        Browser browser = Browser.create();
        browsers.add(id, browser);
        return browser.subscription(server.address() + PUSH + id);
    }

    /** The subscription ends: from now on it is gone. */
    public void unsubscribe(Subscription subscription) {
        browsers.remove(idOf(URI.create(subscription.endpoint())));
    }

    /** The public keys, in URL-safe base64, that accepted messages were signed with. */
    public Set<String> signers() {
        return Set.copyOf(signers);
    }

    /** From now on, what is sent to this subscription fails. */
    public void misbehave(Subscription subscription, Fault fault) {
        server.misbehave(idOf(URI.create(subscription.endpoint())), fault);
    }

    /** Ends all faults. */
    public void behave() {
        server.behave();
    }

    private void subscribe(HttpExchange exchange) throws IOException {
        boolean post = exchange.getRequestMethod().equals("POST");
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        LocalServer.answer(exchange, post ? 201 : 405, post ? subscribe().toJson() : "");
    }

    private void accept(HttpExchange exchange) throws IOException, InterruptedException {
        String id = idOf(exchange.getRequestURI());
        byte[] body = LocalServer.body(exchange, MOST_BYTES + 1);
        if (server.faulty(id, exchange)) {
            return;
        }
        Browser browser = browsers.find(id).orElse(null);
        Optional<WebPushRequest.Problem> problem = checks.problemOf(exchange);
        if (browser == null) {
            LocalServer.answer(exchange, 410, "no such subscription");
        } else if (problem.isPresent()) {
            LocalServer.answer(exchange, problem.get().status(), problem.get().text());
        } else if (body.length > MOST_BYTES) {
            LocalServer.answer(exchange, 413, "more than 4096 bytes");
        } else {
            accept(exchange, browser.decrypt(body));
        }
    }

    private void accept(HttpExchange exchange, Optional<byte[]> message) throws IOException {
        Optional<JsonObject> json = message.flatMap(WebPushCounterpart::json);
        if (json.isEmpty()) {
            LocalServer.answer(exchange, 400, "not encrypted for this subscription, or not JSON");
            return;
        }
        signers.add(WebPushRequest.signerOf(exchange));
        accepted.accept(record(exchange, json.get()));
        exchange.getResponseHeaders().set("Location", server.address() + "/message/" + UUID.randomUUID());
        LocalServer.answer(exchange, 201, "");
    }

    private SinkRecord record(HttpExchange exchange, JsonObject json) {
        return new SinkRecord(
                clock.instant().toString(),
                "WEB_PUSH",
                server.address() + exchange.getRequestURI().toString(),
                "",
                LocalServer.header(exchange, "Topic"),
                LocalServer.header(exchange, "Urgency"),
                !json.has("title"),
                json.has("badge") ? json.get("badge").getAsLong() : 0,
                text(json, "title"),
                text(json, "body"),
                text(json, "conversation"),
                json.has("seq") ? json.get("seq").getAsLong() : 0,
                json.has("withdraw") && json.get("withdraw").getAsBoolean());
    }

    private static String text(JsonObject json, String name) {
        return json.has(name) ? json.get(name).getAsString() : "";
    }

    private static Optional<JsonObject> json(byte[] message) {
        try {
            return Optional.of(JsonParser.parseString(new String(message, StandardCharsets.UTF_8))
                    .getAsJsonObject());
        } catch (JsonParseException | IllegalStateException notJson) {
            return Optional.empty();
        }
    }

    private static String idOf(URI endpoint) {
        return endpoint.getPath().substring(PUSH.length());
    }

    @Override
    public void close() {
        server.close();
    }
}
