package io.parley.pluginlink;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** HTTP calls of which a number is under way at once, and a number waits. */
final class BoundedCalls implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int OK = 200;
    /** Beyond the deadline: how long a call may wait for its turn. */
    private static final long LONGEST_WAIT_MILLIS = 10_000;

    private final int atOnce;
    private final long mostWaitingBytes;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "plugin-link");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(threads)
            .build();
    private final Queue<Call> waiting = new ArrayDeque<>();
    private int underWay;
    private long waitingBytes;

    /** A call and its outcome. */
    private record Call(HttpRequest request, int bytes, CompletableFuture<byte[]> outcome) {}

    /** @param mostWaitingBytes the bodies of calls that wait for their turn */
    BoundedCalls(int atOnce, long mostWaitingBytes) {
        this.atOnce = atOnce;
        this.mostWaitingBytes = mostWaitingBytes;
    }

    /**
     * Posts a body.
     *
     * @param deadline from when it is its turn
     * @return the answer's body; fails when there is none, or too many wait
     */
    CompletableFuture<byte[]> post(URI address, byte[] body, Duration deadline) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(deadline)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        CompletableFuture<byte[]> outcome = new CompletableFuture<>();
        Call call = new Call(
                request,
                body.length,
                outcome.orTimeout(deadline.toMillis() + LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS));
        synchronized (waiting) {
            if (underWay >= atOnce) {
                if (waitingBytes + body.length > mostWaitingBytes) {
                    call.outcome().completeExceptionally(new RejectedExecutionException("too many questions wait"));
                } else {
                    waiting.add(call);
                    waitingBytes += body.length;
                }
                return call.outcome();
            }
            underWay++;
        }
        send(call);
        return call.outcome();
    }

    private void send(Call call) {
        var unused = http.sendAsync(call.request(), HttpResponse.BodyHandlers.ofByteArray())
                .whenComplete((response, failure) -> {
                    next();
                    if (failure != null) {
                        call.outcome().completeExceptionally(failure);
                    } else if (response.statusCode() != OK) {
                        call.outcome()
                                .completeExceptionally(new IllegalStateException("status " + response.statusCode()));
                    } else {
                        call.outcome().complete(response.body());
                    }
                });
    }

    private void next() {
        Call call;
        synchronized (waiting) {
            do {
                call = waiting.poll();
                waitingBytes -= call == null ? 0 : call.bytes();
            } while (call != null && call.outcome().isDone());
            if (call == null) {
                underWay--;
                return;
            }
        }
        send(call);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
