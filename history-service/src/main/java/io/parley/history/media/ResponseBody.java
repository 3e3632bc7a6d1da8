package io.parley.history.media;

import io.parley.media.DownloadLimits.Download;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Writes bytes as the client takes them, and no faster than its account may. No thread waits for a slow client, and one buffer is all that is held. The
 * store may be slow, too: no thread of the server waits for it.
 */
final class ResponseBody implements WriteListener {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final ServletOutputStream out;
    private final InputStream bytes;
    private final Download pace;
    private final Executor executor;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final CompletableFuture<Void> written = new CompletableFuture<>();
    private long left;
    /** How many of the next bytes have waited for their turn. */
    private int paid;

    private ResponseBody(ServletOutputStream out, InputStream bytes, long length, Download pace, Executor executor) {
        this.out = out;
        this.bytes = bytes;
        this.left = length;
        this.pace = pace;
        this.executor = executor;
    }

    /** Done when so many bytes were written; fails with {@link ClientGone}. Closes what it reads from. */
    static CompletableFuture<Void> write(
            ServletOutputStream out, InputStream bytes, long length, Download pace, Executor executor) {
        ResponseBody body = new ResponseBody(out, bytes, length, pace, executor);
        out.setWriteListener(body);
        return body.written;
    }

    /** It is called again only after {@link #drain} has been told that nothing can be written. */
    @Override
    public void onWritePossible() {
        executor.execute(this::drain);
    }

    private void drain() {
        try {
            while (!written.isDone() && out.isReady()) {
                if (left == 0) {
                    bytes.close();
                    written.complete(null);
                    return;
                }
                if (paid == 0) {
                    paid = (int) Math.min(buffer.length, left);
                    long nanos = pace.nanosToWait(paid);
                    if (nanos > 0) {
                        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, executor)
                                .execute(this::drain);
                        return;
                    }
                }
                writeSome();
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void writeSome() throws IOException {
        int count = bytes.read(buffer, 0, paid);
        if (count < 0) {
            throw new IOException("a blob is shorter than its attachment");
        }
        left -= count;
        paid -= count;
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw new ClientGone(e);
        }
    }

    private void failed(Exception failure) {
        try (bytes) {
            written.completeExceptionally(failure);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        failed(new ClientGone(failure));
    }
}
