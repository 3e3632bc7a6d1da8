package io.parley.standalone;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A connection made of packets: nothing is sent, not even an acknowledgement, that a test does not ask for. It keeps what comes. */
final class SessionClient implements AutoCloseable {
    /** More than a node needs to find out that the log is silent. */
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private static final int CLEAN = 2;
    private static final int USER_AND_PASSWORD = 0xC0;
    private static final int KEEP_ALIVE_SECONDS = 60;

    private final int level;
    private final Socket socket;
    private final List<Packet> packets = new ArrayList<>();
    private boolean ended;
    private int lastPacketId;

    /**
     * How to connect.
     *
     * @param level 4 for MQTT 3.1.1, 5 for MQTT 5
     * @param clean clean session, clean start
     * @param properties numbers; MQTT 5 only
     */
    record Opening(int level, boolean clean, Map<Integer, Long> properties) {
        Opening {
            properties = Map.copyOf(properties);
        }

        static Opening v3(boolean clean) {
            return new Opening(4, clean, Map.of());
        }

        static Opening v5(boolean clean, long expirySeconds) {
            return new Opening(5, clean, Map.of(PacketProperties.SESSION_EXPIRY, expirySeconds));
        }

        /** A session that stays, in the given version. */
        static Opening kept(int level) {
            return level == 5 ? v5(false, 600) : v3(false);
        }

        Opening with(int property, long value) {
            Map<Integer, Long> more = new TreeMap<>(properties);
            more.put(property, value);
            return new Opening(level, clean, more);
        }
    }

    private SessionClient(Login login, Opening opening) throws IOException {
        level = opening.level();
        socket = new Socket(InetAddress.getLoopbackAddress(), login.port());
        socket.setTcpNoDelay(true);
        Thread reader = new Thread(this::read, "packets of " + login.clientId());
        reader.setDaemon(true);
        reader.start();
        send(Packet.CONNECT << 4, body -> {
            body.writeUTF("MQTT");
            body.write(level);
            body.write(USER_AND_PASSWORD | (opening.clean() ? CLEAN : 0));
            body.writeShort(KEEP_ALIVE_SECONDS);
            properties(body, opening.properties());
            body.writeUTF(login.clientId());
            body.writeUTF(login.userName());
            body.writeUTF(login.password());
        });
    }

    /** Connects, and must be let in. */
    static SessionClient connect(Login login, Opening opening) throws IOException {
        SessionClient client = attempt(login, opening);
        if (client.connAck().reason() != 0) {
            client.close();
            throw new IOException(
                    "not let in: 0x%02X".formatted(client.connAck().reason()));
        }
        return client;
    }

    /** Sends a CONNECT, and waits for the CONNACK, whatever it says. */
    static SessionClient attempt(Login login, Opening opening) throws IOException {
        SessionClient client = open(login, opening);
        client.awaitOne(Packet.CONNACK);
        return client;
    }

    /** Sends a CONNECT, and does not wait. */
    static SessionClient open(Login login, Opening opening) throws IOException {
        return new SessionClient(login, opening);
    }

    private interface Body {
        void write(DataOutputStream body) throws IOException;
    }

    private synchronized void send(int firstByte, Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        body.write(new DataOutputStream(bytes));
        new Packet(firstByte, bytes.toByteArray()).writeTo(socket.getOutputStream());
    }

    private void properties(DataOutputStream body, Map<Integer, Long> values) throws IOException {
        if (level == 4) {
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Map.Entry<Integer, Long> property : values.entrySet()) {
            int id = property.getKey();
            int value = property.getValue().intValue();
            out.write(id);
            if (id == PacketProperties.SESSION_EXPIRY) {
                out.writeInt(value);
            } else if (id == PacketProperties.SUBSCRIPTION_ID) {
                Packet.writeNumber(out, value);
            } else {
                out.writeShort(value);
            }
        }
        Packet.writeNumber(body, bytes.size());
        body.write(bytes.toByteArray());
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                Packet packet = Packet.read(in);
                synchronized (packets) {
                    packets.add(packet);
                }
            }
        } catch (IOException e) {
            synchronized (packets) {
                ended = true;
            }
        }
    }

    Packet connAck() {
        return all(Packet.CONNACK).get(0);
    }

    boolean sessionPresent() {
        return connAck().sessionPresent();
    }

    /** The properties of the CONNACK; MQTT 5 only. */
    PacketProperties granted() {
        try {
            DataInputStream in =
                    new DataInputStream(new ByteArrayInputStream(connAck().body()));
            in.skipNBytes(2);
            return PacketProperties.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Subscribes and returns the reason code. {@code options} is the byte of the subscription, its low two bits the QoS. */
    int subscribe(String filter, int options, Map<Integer, Long> properties) throws IOException {
        int id = ++lastPacketId;
        send((Packet.SUBSCRIBE << 4) | 2, body -> {
            body.writeShort(id);
            properties(body, properties);
            body.writeUTF(filter);
            body.write(options);
        });
        byte[] subAck = awaitAnswer(Packet.SUBACK, id).body();
        return subAck[subAck.length - 1] & 0xFF;
    }

    /** Subscribes at QoS 1, which must be granted. */
    void subscribe(String filter) throws IOException {
        int granted = subscribe(filter, 1, Map.of());
        if (granted != 1) {
            throw new IOException("SUBACK 0x%02X for %s".formatted(granted, filter));
        }
    }

    /** Unsubscribes and returns the reason code; MQTT 5 only. */
    int unsubscribe(String filter) throws IOException {
        int id = ++lastPacketId;
        send((Packet.UNSUBSCRIBE << 4) | 2, body -> {
            body.writeShort(id);
            properties(body, Map.of());
            body.writeUTF(filter);
        });
        byte[] unsubAck = awaitAnswer(Packet.UNSUBACK, id).body();
        return unsubAck[unsubAck.length - 1] & 0xFF;
    }

    /** Publishes at QoS 1 and does not wait; the packet id. */
    int publish(String topic, String payload) throws IOException {
        return publish(topic, payload, false, Map.of());
    }

    int publish(String topic, String payload, boolean dup, Map<Integer, Long> properties) throws IOException {
        int id = ++lastPacketId;
        send((Packet.PUBLISH << 4) | (dup ? 8 : 0) | 2, body -> {
            body.writeUTF(topic);
            body.writeShort(id);
            properties(body, properties);
            body.write(payload.getBytes(StandardCharsets.UTF_8));
        });
        return id;
    }

    /** Publishes at QoS 1 and returns the reason code of the acknowledgement. */
    int publishAndWait(String topic, String payload) throws IOException {
        return awaitAnswer(Packet.PUBACK, publish(topic, payload)).reason();
    }

    void publishAtMostOnce(String topic, String payload) throws IOException {
        send(Packet.PUBLISH << 4, body -> {
            body.writeUTF(topic);
            properties(body, Map.of());
            body.write(payload.getBytes(StandardCharsets.UTF_8));
        });
    }

    void acknowledge(Publish message) throws IOException {
        send(Packet.PUBACK << 4, body -> body.writeShort(message.packetId()));
    }

    void ping() throws IOException {
        send(Packet.PINGREQ << 4, body -> {});
    }

    void disconnect() throws IOException {
        send(Packet.DISCONNECT << 4, body -> {});
        awaitEnd();
    }

    /** A DISCONNECT that gives the session another expiry. */
    void disconnect(long expirySeconds) throws IOException {
        send(Packet.DISCONNECT << 4, body -> {
            body.write(0);
            properties(body, Map.of(PacketProperties.SESSION_EXPIRY, expirySeconds));
        });
        awaitEnd();
    }

    /** What came of a type, in its order. */
    List<Packet> all(int type) {
        synchronized (packets) {
            return packets.stream().filter(packet -> packet.type() == type).toList();
        }
    }

    /** The messages that came. */
    List<Publish> messages() {
        return all(Packet.PUBLISH).stream()
                .map(packet -> Publish.of(packet, level))
                .toList();
    }

    /** Waits until so many messages have come. */
    List<Publish> awaitMessages(int count) {
        await().atMost(LIMIT).until(() -> messages().size() >= count);
        return messages();
    }

    /** Waits for a message whose payload says this. */
    Publish awaitMessage(String text) {
        Predicate<Publish> says = message -> message.payload().contains("\"" + text + "\"");
        await("the message " + text)
                .atMost(LIMIT)
                .until(() -> messages().stream().anyMatch(says));
        return messages().stream().filter(says).findFirst().orElseThrow();
    }

    Packet awaitOne(int type) {
        await("a packet of type " + type)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !all(type).isEmpty());
        return all(type).get(0);
    }

    Packet awaitAnswer(int type, int packetId) {
        Predicate<Packet> answers = packet -> packet.packetId() == packetId;
        await("an answer of type " + type + " or the end")
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> hasEnded() || all(type).stream().anyMatch(answers));
        return all(type).stream()
                .filter(answers)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the connection ended: " + all(Packet.DISCONNECT)));
    }

    /** Waits until the node has closed the connection. */
    void awaitEnd() {
        await("the end of the connection").atMost(LIMIT).until(this::hasEnded);
    }

    boolean hasEnded() {
        synchronized (packets) {
            return ended;
        }
    }

    /** The end of the network: no DISCONNECT. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
