package io.parley.standalone;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * An MQTT control packet as it is on the wire.
 *
 * @param firstByte the type, in the high four bits, and its flags
 * @param body everything behind the length
 */
@SuppressWarnings("ArrayRecordComponent") // The body is never changed and never compared.
public record Packet(int firstByte, byte[] body) {
    public static final int CONNECT = 1;
    public static final int CONNACK = 2;
    public static final int PUBLISH = 3;
    public static final int PUBACK = 4;
    public static final int SUBSCRIBE = 8;
    public static final int SUBACK = 9;
    public static final int UNSUBSCRIBE = 10;
    public static final int UNSUBACK = 11;
    public static final int PINGREQ = 12;
    public static final int PINGRESP = 13;
    public static final int DISCONNECT = 14;

    private static final int SEVEN_BITS = 0x7F;

    /**
     * Waits for the next packet.
     *
     * @throws java.io.EOFException at the end of the connection
     */
    public static Packet read(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        int length = readNumber(in);
        byte[] body = new byte[length];
        in.readFully(body);
        return new Packet(first, body);
    }

    /** A variable byte integer. */
    static int readNumber(DataInputStream in) throws IOException {
        int number = 0;
        int shift = 0;
        int next;
        do {
            next = in.readUnsignedByte();
            number |= (next & SEVEN_BITS) << shift;
            shift += 7;
        } while (next > SEVEN_BITS);
        return number;
    }

    static void writeNumber(OutputStream out, int number) throws IOException {
        int left = number;
        do {
            out.write(left > SEVEN_BITS ? (left & SEVEN_BITS) | 0x80 : left);
            left >>= 7;
        } while (left > 0);
    }

    /** Writes the packet in one piece. */
    public void writeTo(OutputStream out) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream(body.length + 5);
        packet.write(firstByte);
        writeNumber(packet, body.length);
        packet.write(body);
        out.write(packet.toByteArray());
        out.flush();
    }

    /** One of the constants. */
    public int type() {
        return firstByte >> 4;
    }

    /** Of a CONNECT: 4 for MQTT 3.1.1, 5 for MQTT 5. */
    public int protocolLevel() {
        // Behind the length and the four letters of the protocol's name.
        return body[6];
    }

    /** Of a CONNACK. */
    public boolean sessionPresent() {
        return (body[0] & 1) == 1;
    }

    /** The reason code of a CONNACK, PUBACK or DISCONNECT, 0 where it is left out. */
    public int reason() {
        int at = switch (type()) {
            case CONNACK -> 1;
            case PUBACK -> 2;
            default -> 0;
        };
        return body.length > at ? body[at] & 0xFF : 0;
    }

    /** Of a PUBACK, SUBACK or UNSUBACK. */
    public int packetId() {
        return ((body[0] & 0xFF) << 8) | (body[1] & 0xFF);
    }

    @Override
    public String toString() {
        return "packet of type %d, first byte 0x%02X, %d bytes".formatted(type(), firstByte, body.length);
    }
}
