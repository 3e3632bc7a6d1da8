package io.parley.broker;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A 3.1.1 client that connects and says nothing any more, not even a ping. */
final class RawConnect implements AutoCloseable {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int TICKS_PER_SECOND = 100;

    private final Socket socket;

    RawConnect(int port, String clientId, String user, String token, int keepAliveSeconds) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF("MQTT");
        body.write(4);
        body.write(0xC2);
        body.writeShort(keepAliveSeconds);
        body.writeUTF(clientId);
        body.writeUTF(user);
        body.writeUTF(token);
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(0x10);
        packet.write((bytes.size() & 0x7F) | 0x80);
        packet.write(bytes.size() >> 7);
        packet.write(bytes.toByteArray());
        socket.getOutputStream().write(packet.toByteArray());
    }

    /** The next bytes, or fewer at the connection's end. */
    byte[] read(int bytes) throws IOException {
        return socket.getInputStream().readNBytes(bytes);
    }

    /** Where Linux shows its TCP connections. */
    static boolean systemTellsTimers() {
        return TABLES.stream().allMatch(Files::isReadable);
    }

    /** In how many seconds the server's system asks whether this client is there; empty while that timer does not run. */
    List<Integer> secondsToProbe() throws IOException {
        List<Integer> seconds = new ArrayList<>();
        for (Path table : TABLES) {
            for (String line : Files.readAllLines(table)) {
                String[] columns = line.strip().split("\\s+", -1);
                String[] timer = columns[5].split(":", -1);
                if (isPort(columns[1], socket.getPort())
                        && isPort(columns[2], socket.getLocalPort())
                        && timer[0].equals("02")) {
                    seconds.add(Integer.parseInt(timer[1], 16) / TICKS_PER_SECOND);
                }
            }
        }
        return seconds;
    }

    private static boolean isPort(String address, int port) {
        return address.endsWith(":%04X".formatted(port));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
