package io.parley.standalone;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a PUBLISH packet says.
 *
 * @param topic empty where a topic alias stands for it
 * @param packetId 0 at QoS 0
 */
public record Publish(
        boolean dup, int qos, boolean retain, String topic, int packetId, PacketProperties properties, String payload) {

    /** Reads a PUBLISH; {@code level} is the protocol level of its connection. */
    public static Publish of(Packet packet, int level) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(packet.body()));
            int flags = packet.firstByte() & 0xF;
            int qos = (flags >> 1) & 3;
            String topic = in.readUTF();
            int packetId = qos == 0 ? 0 : in.readUnsignedShort();
            PacketProperties properties = level == 5 ? PacketProperties.read(in) : new PacketProperties(Map.of());
            String payload = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Publish((flags & 8) != 0, qos, (flags & 1) != 0, topic, packetId, properties, payload);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
