package io.parley.storage.cache;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to a Redis that may be slow, stopped or not there. A question waits for its answer as long as the settings say and no longer. After three
 * questions in a row without one the connection is dropped, and nothing waits for Redis until a new one stands, which is tried for in the background.
 */
final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final int FAILURES = 3;
    private static final int THREADS = 2;
    /** Questions under way on the connection, at most. */
    private static final int QUEUE = 10_000;

    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final RedisURI uri;
    private final ClientResources resources;
    private final RedisClient client;
    private final long timeoutMillis;
    private final CacheMetrics metrics;
    private final Circuit circuit;
    private final AtomicReference<@Nullable StatefulRedisConnection<byte[], byte[]>> connection =
            new AtomicReference<>();
    private volatile boolean closed;
    private volatile boolean said;

    /** Begins to connect, and returns at once. */
    RedisLink(RedisURI uri, Duration timeout, Duration pause, CacheMetrics metrics) {
        this.uri = RedisURI.builder(uri).withTimeout(CONNECT).build();
        this.timeoutMillis = timeout.toMillis();
        this.metrics = metrics;
        this.circuit = new Circuit(FAILURES, pause.toNanos(), System.nanoTime());
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(QUEUE)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT)
                        .tcpNoDelay(true)
                        .build())
                .build());
        connectIfTime();
    }

    /** Whether questions are asked now. */
    boolean isConnected() {
        return circuit.isClosed();
    }

    /** The answer; empty when there is none in time. Never fails. */
    <T> CompletionStage<Optional<T>> ask(Function<RedisAsyncCommands<byte[], byte[]>, RedisFuture<T>> question) {
        StatefulRedisConnection<byte[], byte[]> open = connection.get();
        if (open == null || !circuit.isClosed()) {
            connectIfTime();
            return CompletableFuture.completedFuture(Optional.empty());
        }
        RedisFuture<T> asked;
        try {
            asked = question.apply(open.async());
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(failed(open, e));
        }
        return asked.toCompletableFuture()
                .thenApply(Optional::ofNullable)
                .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .handle((answer, failure) -> {
                    if (failure == null) {
                        circuit.succeeded();
                        return answer;
                    }
                    asked.cancel(false);
                    return failed(open, failure);
                });
    }

    private <T> Optional<T> failed(StatefulRedisConnection<byte[], byte[]> open, Throwable failure) {
        metrics.errors().increment();
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RedisCommandExecutionException) {
            // Redis answers: it is full, or still loads. What it refuses costs no time.
            circuit.succeeded();
            LOG.debug("Redis refuses", cause);
            return Optional.empty();
        }
        boolean gone = !open.isOpen();
        if (gone || circuit.failed(System.nanoTime())) {
            drop(open, gone, cause);
        }
        return Optional.empty();
    }

    private void drop(StatefulRedisConnection<byte[], byte[]> open, boolean gone, Throwable cause) {
        if (!connection.compareAndSet(open, null)) {
            return;
        }
        if (gone) {
            circuit.broke(System.nanoTime());
        }
        say(false, cause);
        end(open);
    }

    /** Not on the spot: this may be its own thread. */
    private static void end(StatefulRedisConnection<byte[], byte[]> open) {
        var unused = open.closeAsync();
    }

    private void connectIfTime() {
        if (closed || !circuit.beginsTry(System.nanoTime())) {
            return;
        }
        CompletionStage<StatefulRedisConnection<byte[], byte[]>> connecting;
        try {
            connecting = client.connectAsync(ByteArrayCodec.INSTANCE, uri);
        } catch (RuntimeException e) {
            connecting = CompletableFuture.failedFuture(e);
        }
        var unused = connecting.whenComplete((opened, failure) -> {
            if (failure == null && !closed) {
                connection.set(opened);
            } else if (opened != null) {
                end(opened);
            }
            say(failure == null, failure);
            circuit.tried(failure == null, System.nanoTime());
        });
    }

    private void say(boolean connected, @Nullable Throwable cause) {
        if (closed) {
            return;
        }
        if (connected) {
            LOG.info("recent messages are cached in Redis");
        } else if (!said) {
            LOG.warn("Redis does not answer, going on without it: {}", String.valueOf(cause));
        }
        said = !connected;
    }

    @Override
    public void close() {
        closed = true;
        client.shutdown(Duration.ZERO, CONNECT);
        var unused = resources.shutdown(0, CONNECT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
