package io.parley.standalone;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An MQTT 5 connection that sends whatever it is told as fast as the node reads, acknowledges what comes, and keeps none of it. What the node answers is told by
 * a name for each kind.
 */
final class HostileDevice implements AutoCloseable {
    private static final int CLEAN_WITH_USER_AND_PASSWORD = 0xC2;
    private static final int USER_AND_PASSWORD = 0xC0;
    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final int FAILURES_FROM = 0x80;
    private static final int SEEN_OF_AN_ANSWER = 400;
    private static final Pattern CODE = Pattern.compile("\"code\":\"([A-Z_]+)\"");

    private final Socket socket;
    private final DataInputStream in;
    private final Consumer<String> answers;
    /** Requests that may be asked at once; each answer gives one back. */
    private final Semaphore requests;

    private int lastPacketId;

    private HostileDevice(Login login, boolean clean, int expirySeconds, Consumer<String> answers, int requestsAtOnce)
            throws IOException {
        this.answers = answers;
        this.requests = new Semaphore(requestsAtOnce);
        this.socket = new Socket(InetAddress.getLoopbackAddress(), login.port());
        this.in = new DataInputStream(socket.getInputStream());
        send(Packet.CONNECT << 4, body -> {
            body.writeUTF("MQTT");
            body.write(5);
            body.write(clean ? CLEAN_WITH_USER_AND_PASSWORD : USER_AND_PASSWORD);
            body.writeShort(KEEP_ALIVE_SECONDS);
            body.write(5);
            body.write(PacketProperties.SESSION_EXPIRY);
            body.writeInt(expirySeconds);
            body.writeUTF(login.clientId());
            body.writeUTF(login.userName());
            body.writeUTF(login.password());
        });
    }

    /**
     * Sends a CONNECT. Whoever calls next must {@link #awaitLetIn}.
     *
     * @param clean clean start
     * @param answers is told what comes
     * @param requestsAtOnce how many requests may be without an answer
     */
    static HostileDevice open(
            Login login, boolean clean, int expirySeconds, Consumer<String> answers, int requestsAtOnce)
            throws IOException {
        return new HostileDevice(login, clean, expirySeconds, answers, requestsAtOnce);
    }

    /**
     * @param readers one of them reads what comes until the connection ends
     * @throws IOException when it is not let in
     */
    void awaitLetIn(Executor readers) throws IOException {
        Packet connAck = Packet.read(in);
        answers.accept(name("CONNACK", connAck.reason()));
        if (connAck.reason() != 0) {
            throw new IOException("not let in");
        }
        readers.execute(this::read);
    }

    private interface Body {
        void write(DataOutputStream body) throws IOException;
    }

    private synchronized void send(int firstByte, Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        body.write(new DataOutputStream(bytes));
        new Packet(firstByte, bytes.toByteArray()).writeTo(socket.getOutputStream());
    }

    private synchronized int nextPacketId() {
        lastPacketId = lastPacketId % 0xFFFF + 1;
        return lastPacketId;
    }

    void subscribe(List<String> filters) throws IOException {
        int id = nextPacketId();
        send((Packet.SUBSCRIBE << 4) | 2, body -> {
            body.writeShort(id);
            body.write(0);
            for (String filter : filters) {
                body.writeUTF(filter);
                body.write(1);
            }
        });
    }

    void unsubscribe(String filter) throws IOException {
        int id = nextPacketId();
        send((Packet.UNSUBSCRIBE << 4) | 2, body -> {
            body.writeShort(id);
            body.write(0);
            body.writeUTF(filter);
        });
    }

    void publish(String topic, String payload) throws IOException {
        int id = nextPacketId();
        send((Packet.PUBLISH << 4) | 2, body -> {
            body.writeUTF(topic);
            body.writeShort(id);
            body.write(0);
            body.write(payload.getBytes(StandardCharsets.UTF_8));
        });
    }

    /** Publishes a request when fewer than the most are without an answer. Answers come once the device has subscribed to them. */
    void ask(String topic, String request) throws IOException, InterruptedException {
        requests.acquire();
        publish(topic, request);
    }

    /** In order: the session ends now. */
    void leave() throws IOException {
        send(Packet.DISCONNECT << 4, body -> {
            body.write(0);
            body.write(5);
            body.write(PacketProperties.SESSION_EXPIRY);
            body.writeInt(0);
        });
        close();
    }

    private void read() {
        try {
            while (true) {
                read(Packet.read(in));
            }
        } catch (IOException e) {
            answers.accept("end");
        } finally {
            // Nobody waits for an answer that cannot come: the next packet fails.
            requests.release(Short.MAX_VALUE);
        }
    }

    private void read(Packet packet) throws IOException {
        switch (packet.type()) {
            case Packet.PUBLISH -> {
                int id = packetId(packet);
                if (id != 0) {
                    send(Packet.PUBACK << 4, body -> body.writeShort(id));
                }
                String beginning = new String(
                        packet.body(), 0, Math.min(packet.body().length, SEEN_OF_AN_ANSWER), StandardCharsets.UTF_8);
                Matcher code = CODE.matcher(beginning);
                boolean page = beginning.contains("\"history\"");
                answers.accept(code.find() ? code.group(1) : page ? "page" : "message");
                requests.release();
            }
            case Packet.PUBACK -> answers.accept(name("PUBACK", packet.reason()));
            case Packet.SUBACK -> subAck(packet.body());
            case Packet.DISCONNECT -> answers.accept(name("DISCONNECT", packet.reason()));
            default -> {}
        }
    }

    private static int packetId(Packet publish) throws IOException {
        DataInputStream body = new DataInputStream(new ByteArrayInputStream(publish.body()));
        body.skipNBytes(body.readUnsignedShort());
        return (publish.firstByte() & 6) == 0 ? 0 : body.readUnsignedShort();
    }

    private void subAck(byte[] body) throws IOException {
        DataInputStream codes = new DataInputStream(new ByteArrayInputStream(body));
        codes.skipNBytes(2);
        PacketProperties.read(codes);
        for (int code = codes.read(); code >= 0; code = codes.read()) {
            answers.accept(name("filter", code));
        }
    }

    private static String name(String kind, int reason) {
        return reason < FAILURES_FROM ? kind : "%s 0x%02X".formatted(kind, reason);
    }

    /** The end of the network: whoever waits for the node to read goes on, and fails. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
