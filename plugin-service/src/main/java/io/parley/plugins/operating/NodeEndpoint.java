package io.parley.plugins.operating;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.parley.plugins.authenticating.TokenDesk;
import io.parley.plugins.filtering.FilterChain;
import io.parley.plugins.pushing.PushDesk;
import io.parley.plugins.requesting.RequestDesk;
import io.parley.protocol.plugin.FilterQuestion;
import io.parley.protocol.plugin.PluginSummary;
import io.parley.protocol.plugin.PushQuestion;
import io.parley.protocol.plugin.RequestQuestion;
import io.parley.protocol.plugin.TokenQuestion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other processes ask: {@code GET /summary} (a {@code PluginSummary}), {@code POST /filter} (a {@code FilterQuestion}; the answer is a {@code FilterAnswer}), {@code POST
 * /request} (a {@code RequestQuestion}, a {@code RequestAnswer}) {@code POST /token} (a {@code TokenQuestion}, a {@code TokenAnswer}) and {@code
 * POST /push} (a {@code PushQuestion}, a {@code PushAnswer}). No thread waits for a plugin.
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

    /** What is asked. */
    public record Asked(FilterChain filters, RequestDesk requests, TokenDesk tokens, PushDesk pushes) {
        PluginSummary summary() {
            return filters.summary().toBuilder()
                    .setAuthenticators(tokens.count())
                    .setTokenDeadlineMillis((int) tokens.deadline().toMillis())
                    .build();
        }
    }

    private NodeEndpoint(HttpServer server, Asked asked) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/summary", exchange -> {
            exchange.getRequestBody().readNBytes(MOST_BYTES);
            answer(exchange, OK, asked.summary().toByteArray());
        });
        server.createContext(
                "/filter", exchange -> ask(exchange, body -> asked.filters().decide(FilterQuestion.parseFrom(body))));
        server.createContext(
                "/request",
                exchange -> ask(exchange, body -> asked.requests().answer(RequestQuestion.parseFrom(body))));
        server.createContext(
                "/push", exchange -> ask(exchange, body -> asked.pushes().answer(PushQuestion.parseFrom(body))));
        server.createContext(
                "/token",
                exchange -> ask(
                        exchange,
                        body -> asked.tokens()
                                .answer(TokenQuestion.parseFrom(body).getToken())));
    }

    /**
     * Starts to listen.
     *
     * @throws IOException when the port is taken
     */
    public static NodeEndpoint start(String bind, int port, Asked asked) throws IOException {
        // Without it an answer waits for the client's acknowledgement of its head: 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        NodeEndpoint endpoint = new NodeEndpoint(HttpServer.create(new InetSocketAddress(bind, port), 64), asked);
        endpoint.server.start();
        return endpoint;
    }

    /** The TCP port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Reads a question and asks it. */
    private interface Question<T extends MessageLite> {
        CompletableFuture<T> ask(byte[] body) throws InvalidProtocolBufferException;
    }

    private <T extends MessageLite> void ask(HttpExchange exchange, Question<T> question) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES);
        if (!exchange.getRequestURI().getPath().equals(exchange.getHttpContext().getPath())) {
            answer(exchange, NOT_FOUND, new byte[0]);
            return;
        }
        try {
            var unused = question.ask(body)
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
        } catch (InvalidProtocolBufferException e) {
            answer(exchange, BAD_REQUEST, new byte[0]);
        }
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
