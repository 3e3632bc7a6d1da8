package io.parley.bench.peers.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** Ports of the loopback interface. */
final class Ports {
    private static final int LOOK_AGAIN_MILLIS = 50;
    private static final int CONNECT_MILLIS = 1_000;

    private Ports() {}

    /** One that nobody listens on now. */
    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Waits until somebody listens there.
     *
     * @throws IOException when the process has ended, or nobody listens in time
     */
    static void await(int port, ServerProcess process, Duration limit) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!listens(port)) {
            if (!process.isAlive()) {
                throw new IOException(process.complaint("it has ended"));
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new IOException(process.complaint("it does not listen after " + limit.toSeconds() + " s"));
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
