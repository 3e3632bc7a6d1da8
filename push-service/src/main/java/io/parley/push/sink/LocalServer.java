package io.parley.push.sink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
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
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP server on the loopback address, with the faults that it was told. */
final class LocalServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalServer.class);
    private static final int THREADS = 16;
    private static final int WAITING = 10_000;

    private final HttpServer server;
    private final String origin;
    private final ExecutorService threads;
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();

    /** Answers a request; what it throws closes the connection. */
    interface Handler {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    LocalServer(String name, int port) throws IOException {
        this(name, "http://127.0.0.1:", HttpServer.create(at(port), 0));
    }

    /** Over TLS, with a certificate for {@code localhost}. */
    LocalServer(String name, int port, SSLContext tls) throws IOException {
        this(name, "https://localhost:", secure(port, tls));
    }

    private LocalServer(String name, String origin, HttpServer server) {
        this.server = server;
        this.origin = origin + server.getAddress().getPort();
        threads = BoundedPool.open(name, THREADS, WAITING);
        server.setExecutor(threads);
    }

    private static HttpServer secure(int port, SSLContext tls) throws IOException {
        HttpsServer secure = HttpsServer.create(at(port), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        return secure;
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
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
        return URI.create(origin);
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
