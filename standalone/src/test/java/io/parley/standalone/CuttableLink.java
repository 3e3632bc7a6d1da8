package io.parley.standalone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A way to a port of this machine that counts what comes, and can be cut: its connections break, and new ones break at once, until it is
 * mended.
 */
final class CuttableLink implements AutoCloseable {
    private static final int BUFFER_BYTES = 16_384;
    private static final int PATIENCE_SECONDS = 5;

    private final int target;
    private final ServerSocket server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong received = new AtomicLong();
    private boolean cut;

    private CuttableLink(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    }

    static CuttableLink to(int target) throws IOException {
        CuttableLink link = new CuttableLink(target);
        link.threads.execute(link::accept);
        return link;
    }

    int port() {
        return server.getLocalPort();
    }

    /** The bytes that came from the target so far. */
    long receivedBytes() {
        return received.get();
    }

    synchronized void cut() {
        cut = true;
        open.forEach(CuttableLink::end);
        open.clear();
    }

    synchronized void mend() {
        cut = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException e) {
                // The end of this link, or of the target.
            }
        }
    }

    private synchronized void connect(Socket near) throws IOException {
        if (cut) {
            end(near);
            return;
        }
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        open.addAll(List.of(near, far));
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        threads.execute(() -> copy(near, far, new AtomicLong()));
        threads.execute(() -> copy(far, near, received));
    }

    private static void copy(Socket from, Socket to, AtomicLong bytes) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                bytes.addAndGet(count);
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            end(from);
            end(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What an end said before it closed its connection arrives first. */
    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                cut();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
