package io.parley.media;

import java.io.IOException;
import java.io.InputStream;

/** No more than so many bytes of another stream. */
final class LimitedStream extends InputStream {
    private final InputStream in;
    private long left;

    LimitedStream(InputStream in, long most) {
        this.in = in;
        this.left = most;
    }

    @Override
    public int read() throws IOException {
        int found = left > 0 ? in.read() : -1;
        left -= found >= 0 ? 1 : 0;
        return found;
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
        if (left <= 0 && length > 0) {
            return -1;
        }
        int count = in.read(to, from, (int) Math.min(length, left));
        left -= Math.max(0, count);
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
