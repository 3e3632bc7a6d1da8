package io.parley.history;

import io.javalin.http.Context;
import io.parley.history.polling.Happening;
import io.parley.history.polling.Reader;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * A stream of server-sent events. It writes when the client takes bytes, and asks for no more before that. As such a stream acknowledges nothing, it ends by itself, and
 * the client comes again with the id of the last event that it has.
 */
final class EventStream implements Reader, WriteListener {
    /** The client comes again at once. */
    private static final byte[] BEGINNING = ascii("retry: 100\n\n");

    private static final byte[] HEART_BEAT = ascii(":\n\n");
    private static final long HEART_BEAT_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final ServletOutputStream output;
    private final Runnable ready;
    private final BiConsumer<Reader, Ending> over;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private final long endNanos;
    private long writtenNanos = System.nanoTime();
    private boolean flushed = true;
    private boolean ending;
    private boolean blocked;

    private EventStream(ServletOutputStream output, Duration longest, Runnable ready, BiConsumer<Reader, Ending> over) {
        this.output = output;
        this.ready = ready;
        this.over = over;
        this.endNanos = System.nanoTime() + longest.toNanos();
        waiting.add(BEGINNING);
    }

    /**
     * Begins the answer, which is asynchronous already.
     *
     * @param ready told when the client takes more again
     * @param over told when the stream is to end
     */
    static EventStream open(Context context, Duration longest, Runnable ready, BiConsumer<Reader, Ending> over) {
        context.res().setStatus(200);
        context.res().setContentType("text/event-stream");
        context.res().setCharacterEncoding(StandardCharsets.UTF_8.name());
        context.res().setHeader("Cache-Control", "no-store");
        // Proxies that gather what they pass on would keep events back.
        context.res().setHeader("X-Accel-Buffering", "no");
        try {
            ServletOutputStream output = context.res().getOutputStream();
            EventStream stream = new EventStream(output, longest, ready, over);
            output.setWriteListener(stream);
            return stream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Done when the last byte has been written, or cannot be. */
    CompletableFuture<Void> done() {
        return done;
    }

    @Override
    public synchronized boolean isReady() {
        return waiting.isEmpty() && !ending && !blocked;
    }

    @Override
    public boolean isStream() {
        return true;
    }

    @Override
    public synchronized void take(List<Happening> happenings, String cursor) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ascii("id: " + cursor + "\n"));
        for (Happening happening : happenings) {
            bytes.writeBytes(ascii("data: "));
            PollRoutes.write(happening, bytes);
            bytes.writeBytes(ascii("\n\n"));
        }
        waiting.add(bytes.toByteArray());
        write();
    }

    @Override
    public synchronized void end(Ending reason) {
        if (reason != Ending.TIME) {
            waiting.add(ascii("retry: 5000\nevent: end\ndata: {\"error\":{\"code\":\""
                    + PollRoutes.refusal(reason).code() + "\",\"message\":\""
                    + PollRoutes.refusal(reason).reason() + "\"}}\n\n"));
        }
        ending = true;
        write();
    }

    @Override
    public void idle(long nowNanos) {
        if (nowNanos - endNanos >= 0) {
            over.accept(this, Ending.TIME);
            return;
        }
        synchronized (this) {
            if (waiting.isEmpty() && nowNanos - writtenNanos > HEART_BEAT_NANOS) {
                waiting.add(HEART_BEAT);
                write();
            }
        }
    }

    @Override
    public void onWritePossible() {
        boolean again;
        synchronized (this) {
            boolean before = blocked;
            blocked = false;
            write();
            again = before && !blocked;
        }
        if (again) {
            ready.run();
        }
    }

    @Override
    public void onError(Throwable failure) {
        fail();
    }

    private synchronized void fail() {
        waiting.clear();
        ending = true;
        done.complete(null);
        over.accept(this, Ending.TIME);
    }

    private void write() {
        try {
            while (output.isReady()) {
                byte[] next = waiting.poll();
                if (next != null) {
                    output.write(next);
                    writtenNanos = System.nanoTime();
                    flushed = false;
                } else if (!flushed) {
                    output.flush();
                    flushed = true;
                } else {
                    if (ending) {
                        done.complete(null);
                    }
                    return;
                }
            }
            blocked = true;
        } catch (IOException | IllegalStateException e) {
            fail();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
