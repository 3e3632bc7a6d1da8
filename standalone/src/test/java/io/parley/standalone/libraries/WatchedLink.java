package io.parley.standalone.libraries;

import io.parley.standalone.Packet;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** The network between a client and a broker node: it passes packets, keeps a copy of each, and can be cut. */
final class WatchedLink implements AutoCloseable {
    private final int target;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<Integer, List<Socket>> open = new HashMap<>();
    private final List<Passed> passed = new ArrayList<>();
    private final Map<Integer, Long> endedNanos = new HashMap<>();
    private int connections;
    private boolean cut;

    /**
     * A packet that passed.
     *
     * @param connection the number of its connection, from 1
     */
    record Passed(int connection, long atNanos, boolean fromClient, Packet packet) {}

    /** @param target the node's port on this machine */
    WatchedLink(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /**
     * Breaks every connection, and each new one at once, until it is mended.
     *
     * @param reset whether both ends see a reset (RST) instead of an orderly end (FIN)
     */
    synchronized void cut(boolean reset) throws IOException {
        cut = true;
        for (List<Socket> pair : List.copyOf(open.values())) {
            for (Socket socket : pair) {
                end(socket, reset);
            }
        }
    }

    private static void end(Socket socket, boolean reset) throws IOException {
        try {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        } catch (SocketException closed) {
            // Its other end was faster.
        }
        socket.close();
    }

    synchronized void mend() {
        cut = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException e) {
                // The end of this link, or a node that is not there.
            }
        }
    }

    private synchronized void connect(Socket near) throws IOException {
        if (cut) {
            near.close();
            return;
        }
        Socket far;
        try {
            far = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            near.close();
            throw e;
        }
        int number = ++connections;
        open.put(number, List.of(near, far));
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        threads.execute(() -> pass(number, near, far, true));
        threads.execute(() -> pass(number, far, near, false));
    }

    private void pass(int connection, Socket from, Socket to, boolean fromClient) {
        try (from;
                to) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
            while (true) {
                Packet packet = Packet.read(in);
                synchronized (this) {
                    passed.add(new Passed(connection, System.nanoTime(), fromClient, packet));
                }
                packet.writeTo(to.getOutputStream());
            }
        } catch (IOException e) {
            synchronized (this) {
                endedNanos.putIfAbsent(connection, System.nanoTime());
                open.remove(connection);
            }
        }
    }

    /** Everything that passed, in its order. */
    synchronized List<Passed> passed() {
        return List.copyOf(passed);
    }

    /** When a connection ended, as {@link System#nanoTime}; the far future if it has not. */
    synchronized long endedNanos(int connection) {
        return endedNanos.getOrDefault(connection, Long.MAX_VALUE);
    }

    /** How many packets of the kind passed. */
    synchronized long count(Predicate<Passed> kind) {
        return passed.stream().filter(kind).count();
    }

    /** How many connections were accepted by the node. */
    long accepted() {
        return count(
                seen -> seen.packet().type() == Packet.CONNACK && seen.packet().reason() == 0);
    }

    /** How many messages of the client were acknowledged. */
    long acknowledged() {
        return count(seen -> !seen.fromClient() && seen.packet().type() == Packet.PUBACK);
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut(false);
        threads.shutdown();
    }
}
