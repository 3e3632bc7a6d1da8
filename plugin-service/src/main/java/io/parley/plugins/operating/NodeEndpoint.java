package io.parley.plugins.operating;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.parley.plugins.filtering.FilterChain;
import io.parley.protocol.plugin.FilterQuestion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nodes ask: {@code GET /filters} (a {@code FilterSummary}) and {@code POST /filter} (a {@code FilterQuestion}; the answer is a {@code FilterAnswer}). No
 * thread waits for a plugin.
 */
public final class NodeEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeEndpoint.class);
    private static final int MOST_BYTES = 1 << 20;
    private static final int THREADS = 4;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> new Thread(task, "nodes"));

    private NodeEndpoint(HttpServer server, FilterChain chain) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/filters", exchange -> {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, OK, chain.summary().toByteArray());
        });
        server.createContext("/filter", exchange -> filter(exchange, chain));
    }

    /**
     * Starts to listen.
     *
     * @throws IOException when the port is taken
     */
    public static NodeEndpoint start(String bind, int port, FilterChain chain) throws IOException {
        // Without it an answer waits for the client's acknowledgement of its head: 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        NodeEndpoint endpoint = new NodeEndpoint(HttpServer.create(new InetSocketAddress(bind, port), 64), chain);
        endpoint.server.start();
        return endpoint;
    }

    /** The TCP port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void filter(HttpExchange exchange, FilterChain chain) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES);
        if (!exchange.getRequestURI().getPath().equals("/filter")) {
            answer(exchange, NOT_FOUND, new byte[0]);
            return;
        }
        FilterQuestion question;
        try {
            question = FilterQuestion.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            answer(exchange, BAD_REQUEST, new byte[0]);
            return;
        }
        var unused = chain.decide(question)
                .whenCompleteAsync(
                        (answer, failure) -> {
                            if (failure != null) {
                                LOG.error("a question of a node has no answer", failure);
                                exchange.close();
                            } else {
                                answer(exchange, OK, answer.toByteArray());
                            }
                        },
                        threads);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            LOG.debug("a node did not wait for its answer: {}", e.toString());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
