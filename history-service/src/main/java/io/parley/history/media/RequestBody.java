package io.parley.history.media;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Hands the bytes of a request's body on as they come. No thread waits for a slow client, one buffer is all that is held, and what takes the bytes may be
 * slow: no thread of the server waits for that.
 */
final class RequestBody implements ReadListener {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final ServletInputStream in;
    private final Sink sink;
    private final Executor executor;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final CompletableFuture<Void> read = new CompletableFuture<>();

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
                    sink.take(ByteBuffer.wrap(buffer, 0, count));
                }
            }
        } catch (IOException | RuntimeException e) {
            read.completeExceptionally(e);
        }
    }

    @Override
    public void onAllDataRead() {
        read.complete(null);
    }

    @Override
    public void onError(Throwable failure) {
        read.completeExceptionally(new ClientGone(failure));
    }
}
