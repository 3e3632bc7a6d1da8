package io.parley.standalone;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks a process whether it can serve, in its own protocol. */
@FunctionalInterface
public interface Readiness {

    /** True when it answered that it can serve; false on any error. Takes a second at most. */
    boolean ready();

    /** {@code GET /healthz} answers 200. */
    static Readiness healthz(String host, int port) {
        byte[] request = "GET /healthz HTTP/1.1\r\nHost: parley\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        return () -> exchange(host, port, request, in -> {
            byte[] status = in.readNBytes("HTTP/1.1 200".length());
            return new String(status, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        });
    }

    /** Kafka answers an ApiVersions request (key 18, version 0). */
    static Readiness kafka(String host, int port) {
        byte[] request = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, (byte) 0xff, (byte) 0xff};
        return () -> exchange(host, port, request, in -> {
            int length = in.readInt();
            int correlation = in.readInt();
            return length > 4 && correlation == 1 && in.readShort() == 0;
        });
    }

    /** Something listens: of a server that tells strangers nothing. */
    static Readiness listening(String host, int port) {
        return () -> exchange(host, port, new byte[0], in -> true);
    }

    /** Cassandra answers an OPTIONS frame (protocol version 4) with SUPPORTED. */
    static Readiness cassandra(String host, int port) {
        byte[] request = {4, 0, 0, 0, 5, 0, 0, 0, 0};
        byte supported = 6;
        return () -> exchange(host, port, request, in -> {
            byte[] header = in.readNBytes(9);
            return header.length == 9 && header[4] == supported;
        });
    }

    /** Reads an answer. */
    @FunctionalInterface
    interface Answer {
        boolean isGood(DataInputStream in) throws IOException;
    }

    private static boolean exchange(String host, int port, byte[] request, Answer answer) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 500);
            socket.setSoTimeout(1000);
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            return answer.isGood(new DataInputStream(socket.getInputStream()));
        } catch (IOException e) {
            return false;
        }
    }
}
