package io.parley.history.media;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.parley.media.MediaMetrics;
import io.parley.media.MediaRefusal;
import io.parley.protocol.UserId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.Error;
import io.parley.protocol.wire.Reply;
import io.parley.storage.HistoryBehindException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all requests for attachments have in common: who asks, an answer that comes later, errors, metrics. */
final class Exchanges {
    /** What a refusal has, too: what tus asks for, and what lets pages of other origins read it. */
    private static final Set<String> KEPT = Set.of("Tus-Resumable", "Tus-Version", "Upload-Offset", "Vary");

    private static final Logger LOG = LoggerFactory.getLogger(Exchanges.class);

    private final Askers askers;
    private final MediaMetrics metrics;
    private final MeterRegistry registry;
    private final Executor streaming;

    Exchanges(Askers askers, MediaMetrics metrics, MeterRegistry registry, Executor streaming) {
        this.askers = askers;
        this.metrics = metrics;
        this.registry = registry;
        this.streaming = streaming;
    }

    MediaMetrics metrics() {
        return metrics;
    }

    /** @throws HttpRefusal 401 without a valid token, 429 */
    UserId asker(HttpServletRequest request) {
        return askers.of(request);
    }

    /** Serves one request. Its stage is done when the answer has been written. */
    interface Serving {
        CompletionStage<?> serve() throws IOException;
    }

    /** Serves a request, answers with an error if that fails, and completes it. */
    void serve(HttpServletRequest request, HttpServletResponse response, String endpoint, Serving serving) {
        long beginNanos = System.nanoTime();
        AsyncContext context = request.startAsync();
        // What takes too long is ended by who waits for it; the network's silence by Jetty.
        context.setTimeout(0);
        CompletionStage<?> served;
        try {
            served = serving.serve();
        } catch (IOException | RuntimeException e) {
            served = CompletableFuture.failedFuture(e);
        }
        var unused = served.exceptionallyCompose(
                        failure -> rest(request, failure).thenCompose(read -> CompletableFuture.failedFuture(failure)))
                .whenComplete((done, failure) -> {
                    try {
                        if (failure != null) {
                            answer(response, endpoint, cause(failure));
                        }
                    } finally {
                        Timer.builder("parley.http.requests")
                                .description("Requests by endpoint and status")
                                .tag("endpoint", endpoint)
                                .tag("status", Integer.toString(response.getStatus()))
                                .register(registry)
                                .record(java.time.Duration.ofNanos(System.nanoTime() - beginNanos));
                        context.complete();
                    }
                });
    }

    /** What is left of a refused request's body. Who waits for leave to send it is told by the answer. */
    private CompletionStage<Void> rest(HttpServletRequest request, Throwable failure) {
        boolean body = request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
        if (!body || request.getHeader("Expect") != null || cause(failure) instanceof ClientGone) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            return RequestBody.discard(request.getInputStream(), streaming);
        } catch (IOException e) {
            return CompletableFuture.completedFuture(null);
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void answer(HttpServletResponse response, String endpoint, Throwable failure) {
        if (failure instanceof MediaRefusal refusal) {
            metrics.refused(refusal);
            refuse(response, HttpRefusal.of(refusal));
        } else if (failure instanceof HttpRefusal refusal) {
            refuse(response, refusal);
        } else if (failure instanceof HistoryBehindException) {
            refuse(response, unavailable("history is behind, ask again later"));
        } else if (failure instanceof ClientGone) {
            LOG.debug("endpoint={} the client has gone", endpoint);
        } else {
            LOG.warn("endpoint={} failed: {}", endpoint, failure.toString());
            refuse(response, unavailable("attachments cannot be served now"));
        }
    }

    private static HttpRefusal unavailable(String message) {
        return new HttpRefusal(503, io.parley.protocol.wire.ErrorCode.UNAVAILABLE, message, 2);
    }

    private static void refuse(HttpServletResponse response, HttpRefusal refusal) {
        if (response.isCommitted()) {
            return;
        }
        Map<String, List<String>> kept = new TreeMap<>();
        for (String name : response.getHeaderNames()) {
            if (KEPT.contains(name) || name.startsWith("Access-Control-")) {
                kept.put(name, List.copyOf(response.getHeaders(name)));
            }
        }
        response.reset();
        kept.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
        if (refusal.status() == 401) {
            response.setHeader("WWW-Authenticate", "Bearer");
        }
        if (refusal.retryAfterSeconds() > 0) {
            response.setHeader("Retry-After", Long.toString(refusal.retryAfterSeconds()));
        }
        json(
                response,
                refusal.status(),
                Reply.newBuilder()
                        .setError(Error.newBuilder().setCode(refusal.code()).setMessage(refusal.reason()))
                        .build());
    }

    /** Writes a short answer; it fits into the connection's buffer. */
    static void json(HttpServletResponse response, int status, com.google.protobuf.Message message) {
        byte[] body = WireFormat.JSON.encode(message);
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/json");
        response.setContentLength(body.length);
        try {
            response.getOutputStream().write(body);
        } catch (IOException e) {
            LOG.debug("the client has gone", e);
        }
    }
}
