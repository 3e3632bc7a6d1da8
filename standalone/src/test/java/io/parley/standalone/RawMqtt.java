package io.parley.standalone;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** An MQTT connection made of bytes, for what no client off the shelf would send. */
final class RawMqtt implements AutoCloseable {
    static final int V3 = 4;
    static final int V5 = 5;

    /** The packet types that are asked for, and the end of the connection without any. */
    enum PacketType {
        CONNACK,
        PUBACK,
        DISCONNECT,
        END,
        OTHER;

        private static PacketType of(int firstByte) {
            return switch (firstByte >> 4) {
                case 2 -> CONNACK;
                case 4 -> PUBACK;
                case 14 -> DISCONNECT;
                default -> OTHER;
            };
        }
    }

    /**
     * What the broker said.
     *
     * @param reason its reason code, 0 where there is none
     */
    record Answer(PacketType type, int reason) {
        @Override
        public String toString() {
            return "%s 0x%02X".formatted(type, reason);
        }
    }

    private static final int PATIENCE_MILLIS = 20_000;
    private static final int USER_PASSWORD_AND_CLEAN_START = 0xC2;

    private final int version;
    private final Socket socket;
    private final DataInputStream in;

    private RawMqtt(Login login, int version) throws IOException {
        this.version = version;
        this.socket = new Socket(InetAddress.getLoopbackAddress(), login.port());
        this.socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** Connects; {@code version} is the protocol level of the CONNECT. */
    static RawMqtt connect(Login login, int version) throws IOException {
        RawMqtt raw = new RawMqtt(login, version);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeUTF("MQTT");
        body.write(version);
        body.write(USER_PASSWORD_AND_CLEAN_START);
        body.writeShort(60);
        raw.noProperties(body);
        body.writeUTF(login.clientId());
        body.writeUTF(login.userName());
        body.writeUTF(login.password());
        raw.send(0x10, bytes.size(), bytes.toByteArray());
        Answer answer = raw.answer();
        if (!answer.equals(new Answer(PacketType.CONNACK, 0))) {
            raw.close();
            throw new IOException("not let in: " + answer);
        }
        return raw;
    }

    /** Sends a SUBSCRIBE at QoS 1; its answer is {@code OTHER}. */
    void subscribe(String filter) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeShort(1);
        noProperties(body);
        body.writeUTF(filter);
        body.write(1);
        send(0x82, bytes.size(), bytes.toByteArray());
    }

    /** Sends a PUBLISH, packet id 1. {@code flags} are the low four bits of its first byte: 2 is QoS 1, 4 is QoS 2, 1 is retain. */
    void publish(int flags, byte[] topic, String payload) throws IOException {
        byte[] body = publishBody(topic, payload);
        send(0x30 | flags, body.length, body);
    }

    /** Sends the beginning of a QoS 1 PUBLISH that says it is {@code length} bytes long. */
    void publishBeginning(int length, String topic, String payload) throws IOException {
        send(0x32, length, publishBody(topic.getBytes(StandardCharsets.UTF_8), payload));
    }

    private byte[] publishBody(byte[] topic, String payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeShort(topic.length);
        body.write(topic);
        body.writeShort(1);
        noProperties(body);
        body.write(payload.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private void noProperties(DataOutputStream body) throws IOException {
        if (version == V5) {
            body.write(0);
        }
    }

    private void send(int firstByte, int length, byte[] body) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(firstByte);
        int left = length;
        do {
            packet.write(left > 0x7F ? (left & 0x7F) | 0x80 : left);
            left >>= 7;
        } while (left > 0);
        packet.write(body);
        socket.getOutputStream().write(packet.toByteArray());
    }

    /** Waits for the next packet, or for the end. */
    Answer answer() throws IOException {
        try {
            PacketType type = PacketType.of(in.readUnsignedByte());
            byte[] body = in.readNBytes(readLength());
            int reasonAt = switch (type) {
                case CONNACK -> 1;
                case PUBACK -> 2;
                default -> 0;
            };
            return new Answer(type, body.length > reasonAt ? body[reasonAt] & 0xFF : 0);
        } catch (EOFException | SocketException ended) {
            return new Answer(PacketType.END, 0);
        }
    }

    private int readLength() throws IOException {
        int length = 0;
        int shift = 0;
        int next;
        do {
            next = in.readUnsignedByte();
            length |= (next & 0x7F) << shift;
            shift += 7;
        } while (next > 0x7F);
        return length;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
