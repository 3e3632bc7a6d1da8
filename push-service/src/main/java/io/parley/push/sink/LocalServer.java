package io.parley.push.sink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.parley.push.http.BoundedPool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP server on the loopback address, with the faults that it was told. */
final class LocalServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalServer.class);
    private static final int THREADS = 16;
    private static final int WAITING = 10_000;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();

    /** Answers a request; what it throws closes the connection. */
    interface Handler {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    LocalServer(String name, int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        threads = BoundedPool.open(name, THREADS, WAITING);
        server.setExecutor(threads);
    }

    void on(String path, Handler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                handler.handle(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.warn("counterpart failed, path={}", path, e);
            }
        });
    }

    void start() {
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** From now on, for what has this name. */
    void misbehave(String name, Fault fault) {
        faults.put(name, fault);
    }

    void behave() {
        faults.clear();
    }

    /** Does what the fault of that name says; true if nothing more is to be done. */
    boolean faulty(String name, HttpExchange exchange) throws IOException, InterruptedException {
        Optional<Fault> fault = Optional.ofNullable(faults.get(name));
        if (fault.isEmpty()) {
            return false;
        }
        if (fault.get() instanceof Fault.Slow slow) {
            Thread.sleep(slow.pause().toMillis());
            return false;
        }
        if (fault.get() instanceof Fault.Answer answer) {
            answer.headers()
                    .forEach((header, value) -> exchange.getResponseHeaders().set(header, value));
            answer(exchange, answer.status(), answer.body());
        }
        // A connection is dropped by its closing before an answer.
        return true;
    }

    static byte[] body(HttpExchange exchange, int mostBytes) throws IOException {
        return exchange.getRequestBody().readNBytes(mostBytes);
    }

    static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
