package io.parley.history.media;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/** Writes bytes as the client takes them. No thread waits for a slow client, and one buffer is all that is held. */
final class ResponseBody implements WriteListener {
    private static final int BUFFER_BYTES = 32 * 1024;

    private final ServletOutputStream out;
    private final InputStream bytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final CompletableFuture<Void> written = new CompletableFuture<>();
    private long left;

    private ResponseBody(ServletOutputStream out, InputStream bytes, long length) {
        this.out = out;
        this.bytes = bytes;
        this.left = length;
    }

    /** Done when so many bytes were written; fails with {@link ClientGone}. Closes what it reads from. */
    static CompletableFuture<Void> write(ServletOutputStream out, InputStream bytes, long length) {
        ResponseBody body = new ResponseBody(out, bytes, length);
        out.setWriteListener(body);
        return body.written;
    }

    @Override
    public void onWritePossible() throws IOException {
        while (!written.isDone() && out.isReady()) {
            if (left == 0) {
                bytes.close();
                written.complete(null);
                return;
            }
            int count = bytes.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                throw new IOException("a blob is shorter than its attachment");
            }
            left -= count;
            out.write(buffer, 0, count);
        }
    }

    @Override
    public void onError(Throwable failure) {
        try (bytes) {
            written.completeExceptionally(new ClientGone(failure));
        } catch (IOException e) {
            written.completeExceptionally(e);
        }
    }
}
