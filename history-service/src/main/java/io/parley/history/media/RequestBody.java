package io.parley.history.media;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Hands the bytes of a request's body on as they come. No thread waits for a slow client, one buffer is all that is held, and what takes the bytes may be
 * slow: no thread of the server waits for that.
 */
final class RequestBody implements ReadListener {
    private static final int BUFFER_BYTES = 32 * 1024;
    /** Many clients read no answer before they have sent their body: of what is refused, so much is read and thrown away. */
    private static final long MOST_DISCARDED = 8L << 20;

    private static final Sink NOWHERE = bytes -> {};

    private final ServletInputStream in;
    private final Sink sink;
    private final Executor executor;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final CompletableFuture<Void> read = new CompletableFuture<>();
    private long discarded;
    private @Nullable Exception refused;

    /** Takes bytes; it may keep none of them. */
    interface Sink {
        void take(ByteBuffer bytes) throws IOException;
    }

    private RequestBody(ServletInputStream in, Sink sink, Executor executor) {
        this.in = in;
        this.sink = sink;
        this.executor = executor;
    }

    /** Done when all of the body was taken; fails with what the sink throws, or with {@link ClientGone}. */
    static CompletableFuture<Void> read(ServletInputStream in, Sink sink, Executor executor) {
        RequestBody body = new RequestBody(in, sink, executor);
        in.setReadListener(body);
        return body.read;
    }

    /** Reads what is left of the body of a refused request, within a limit, and throws it away. Done when the answer may be written. */
    static CompletableFuture<Void> discard(ServletInputStream in, Executor executor) {
        RequestBody body = new RequestBody(in, NOWHERE, executor);
        body.refused = new IOException("refused");
        try {
            in.setReadListener(body);
        } catch (IllegalStateException e) {
            // It was read, and what was left thrown away.
            return CompletableFuture.completedFuture(null);
        }
        return body.read.exceptionally(failure -> null);
    }

    /** It is called again only after {@link #drain} has been told that nothing is ready. */
    @Override
    public void onDataAvailable() {
        executor.execute(this::drain);
    }

    private void drain() {
        try {
            while (!read.isDone() && in.isReady() && !in.isFinished()) {
                int count;
                try {
                    count = in.read(buffer);
                } catch (IOException e) {
                    throw new ClientGone(e);
                }
                if (count > 0) {
                    take(count);
                }
            }
        } catch (RuntimeException e) {
            read.completeExceptionally(e);
        }
    }

    private void take(int count) {
        if (refused != null) {
            discarded += count;
            if (discarded > MOST_DISCARDED) {
                read.completeExceptionally(refused);
            }
            return;
        }
        try {
            sink.take(ByteBuffer.wrap(buffer, 0, count));
        } catch (IOException | RuntimeException e) {
            refused = e;
        }
    }

    @Override
    public void onAllDataRead() {
        if (refused == null) {
            read.complete(null);
        } else {
            read.completeExceptionally(refused);
        }
    }

    @Override
    public void onError(Throwable failure) {
        read.completeExceptionally(new ClientGone(failure));
    }
}
