package io.parley.examples.webhookbridge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.parley.plugin.ChatClient;
import io.parley.plugin.ChatException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Takes messages by HTTP: {@code POST /conversations/ID/messages/MESSAGE-ID}, the text as the body, signed in {@code X-Parley-Signature} over the path, a line feed and
 * the body. 204: sent. 401: the signature does not fit. Other answers are the platform's own.
 */
final class IncomingHooks {
    private static final int MOST_BYTES = 64 * 1024;
    private static final int THREADS = 2;
    private static final int PATH_PARTS = 5;
    private static final int CONVERSATION = 2;
    private static final int MESSAGE = 4;
    private static final long PATIENCE_SECONDS = 10;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Signature signature;
    private final ChatClient client;

    private IncomingHooks(HttpServer server, Signature signature, ChatClient client) {
        this.server = server;
        this.signature = signature;
        this.client = client;
    }

    static IncomingHooks start(String bind, int port, Signature signature, ChatClient client) throws IOException {
        IncomingHooks hooks =
                new IncomingHooks(HttpServer.create(new InetSocketAddress(bind, port), 16), signature, client);
        hooks.server.setExecutor(hooks.threads);
        hooks.server.createContext("/conversations/", hooks::take);
        hooks.server.start();
        return hooks;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] bytes = exchange.getRequestBody().readNBytes(MOST_BYTES);
            exchange.sendResponseHeaders(status(exchange, new String(bytes, StandardCharsets.UTF_8)), -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int status(HttpExchange exchange, String text) throws InterruptedException {
        String path = exchange.getRequestURI().getPath();
        String[] parts = path.split("/", -1);
        String shown = exchange.getRequestHeaders().getFirst(Signature.HEADER);
        if (!exchange.getRequestMethod().equals("POST") || parts.length != PATH_PARTS) {
            return 404;
        }
        if (shown == null || !signature.fits(path + "\n" + text, shown)) {
            return 401;
        }
        try {
            client.send(parts[CONVERSATION], parts[MESSAGE], text)
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return 204;
        } catch (ExecutionException e) {
            return e.getCause() instanceof ChatException refused && refused.status() != 0 ? refused.status() : 503;
        } catch (TimeoutException e) {
            return 503;
        }
    }

    void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
