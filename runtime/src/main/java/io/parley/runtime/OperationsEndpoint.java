package io.parley.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The endpoint for operators: {@code GET /readyz} and {@code /healthz} (200 when the process can serve, else 503, with a JSON object), {@code GET /livez} (200
 * while it answers at all: a process that waits for Kafka is not to be killed for it) and {@code GET /metrics} (Prometheus text). It has one thread of its own, so that a scrape costs the traffic nothing.
 */
public final class OperationsEndpoint implements AutoCloseable {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService thread;

    private OperationsEndpoint(HttpServer server, ExecutorService thread) {
        this.server = server;
        this.thread = thread;
    }

    /**
     * Starts to listen.
     *
     * @param bind the address to listen on
     * @param port the TCP port; 0 lets the system choose, see {@link #port()}
     * @param health asked at each {@code /readyz}; must answer fast
     * @throws IOException when the port is taken
     */
    public static OperationsEndpoint start(
            String bind, int port, PrometheusMeterRegistry registry, Supplier<Health> health) throws IOException {
        return start(bind, port, registry, health, Map.of());
    }

    /**
     * Starts to listen, also for what this service has beside the rest.
     *
     * @param more handlers by their paths
     * @throws IOException when the port is taken
     */
    public static OperationsEndpoint start(
            String bind,
            int port,
            PrometheusMeterRegistry registry,
            Supplier<Health> health,
            Map<String, HttpHandler> more)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(bind, port), 16);
        ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            Thread created = new Thread(task, "operations");
            created.setDaemon(true);
            return created;
        });
        server.setExecutor(thread);
        for (String path : List.of("/healthz", "/readyz")) {
            server.createContext(path, exchange -> {
                Health now = health.get();
                answer(exchange, now.ready() ? 200 : 503, "application/json", now.toJson());
            });
        }
        server.createContext("/livez", exchange -> answer(exchange, 200, "application/json", Health.ALIVE));
        server.createContext("/metrics", exchange -> answer(exchange, 200, PROMETHEUS_TEXT, registry.scrape()));
        more.forEach(server::createContext);
        server.start();
        return new OperationsEndpoint(server, thread);
    }

    /** The TCP port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            boolean known = exchange.getRequestMethod().equals("GET")
                    && exchange.getRequestURI()
                            .getPath()
                            .equals(exchange.getHttpContext().getPath());
            byte[] bytes = (known ? body : "").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(known ? status : 404, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
