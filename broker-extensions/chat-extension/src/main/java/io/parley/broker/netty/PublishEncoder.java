package io.parley.broker.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the PUBLISH packets of one connection (MQTT 3.1.1 section 3.3, MQTT 5 section 3.3). HiveMQ's own encoder knows no topic
 * aliases. The topics that come first get the aliases, until the client's maximum is reached. On the event loop.
 */
final class PublishEncoder {
    private static final int PUBLISH = 0x30;
    private static final int DUP = 0x08;
    private static final int QOS_1 = 0x02;
    private static final int CORRELATION_DATA = 0x09;
    private static final int SUBSCRIPTION_IDENTIFIER = 0x0B;
    private static final int TOPIC_ALIAS = 0x23;
    private static final int TOPIC_ALIAS_BYTES = 3;
    /** The first byte, the length, the topic's length, the packet id, the properties' length. */
    private static final int MAX_HEADER_BYTES = 1 + 4 + 2 + 2 + 4;

    /** More aliases would only cost memory here. */
    private static final int MAX_ALIASES = 256;

    private final boolean version5;
    private final int aliasMaximum;
    private final long maximumPacketSize;
    private final Map<String, Integer> aliases = new HashMap<>();

    /**
     * @param aliasMaximum the client's topic alias maximum; 0: none
     * @param maximumPacketSize the client's maximum packet size, bytes
     */
    PublishEncoder(boolean version5, int aliasMaximum, long maximumPacketSize) {
        this.version5 = version5;
        this.aliasMaximum = version5 ? Math.min(aliasMaximum, MAX_ALIASES) : 0;
        this.maximumPacketSize = maximumPacketSize;
    }

    /**
     * One packet.
     *
     * @param packetId 0 at QoS 0
     * @param identifiers subscription identifiers, each 1 to 268,435,455
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Packet(
            String topic,
            byte[] payload,
            int packetId,
            boolean duplicate,
            List<Integer> identifiers,
            byte @Nullable [] correlation) {}

    /** The packet's bytes, or null when it is larger than the client takes. */
    @Nullable
    ByteBuf encode(Packet packet, ByteBufAllocator buffers) {
        Integer known = aliases.get(packet.topic());
        int alias = known != null ? known : aliases.size() < aliasMaximum ? aliases.size() + 1 : 0;
        byte[] topic = known != null ? new byte[0] : packet.topic().getBytes(StandardCharsets.UTF_8);
        int properties = version5 ? propertyBytes(packet, alias) : 0;
        int remaining = 2
                + topic.length
                + (packet.packetId() == 0 ? 0 : 2)
                + (version5 ? variableBytes(properties) + properties : 0)
                + packet.payload().length;
        int length = 1 + variableBytes(remaining) + remaining;
        if (length > maximumPacketSize) {
            return null;
        }
        if (known == null && alias != 0) {
            aliases.put(packet.topic(), alias);
        }
        ByteBuf out = buffers.buffer(length, length);
        out.writeByte(PUBLISH | (packet.packetId() == 0 ? 0 : QOS_1) | (packet.duplicate() ? DUP : 0));
        writeVariable(out, remaining);
        out.writeShort(topic.length).writeBytes(topic);
        if (packet.packetId() != 0) {
            out.writeShort(packet.packetId());
        }
        if (version5) {
            writeVariable(out, properties);
            writeProperties(out, packet, alias);
        }
        return out.writeBytes(packet.payload());
    }

    /** The most bytes that the payload of such a packet may have; negative when not even an empty one fits. */
    int largestPayload(Packet packet) {
        int beside = MAX_HEADER_BYTES
                + packet.topic().getBytes(StandardCharsets.UTF_8).length
                + (version5 ? propertyBytes(packet, aliasMaximum) : 0);
        return (int) Math.min(Integer.MAX_VALUE, maximumPacketSize - beside);
    }

    private static int propertyBytes(Packet packet, int alias) {
        int bytes = alias == 0 ? 0 : TOPIC_ALIAS_BYTES;
        for (int identifier : packet.identifiers()) {
            bytes += 1 + variableBytes(identifier);
        }
        byte[] correlation = packet.correlation();
        return correlation == null ? bytes : bytes + 3 + correlation.length;
    }

    private static void writeProperties(ByteBuf out, Packet packet, int alias) {
        if (alias != 0) {
            out.writeByte(TOPIC_ALIAS).writeShort(alias);
        }
        for (int identifier : packet.identifiers()) {
            out.writeByte(SUBSCRIPTION_IDENTIFIER);
            writeVariable(out, identifier);
        }
        byte[] correlation = packet.correlation();
        if (correlation != null) {
            out.writeByte(CORRELATION_DATA).writeShort(correlation.length).writeBytes(correlation);
        }
    }

    private static int variableBytes(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }

    private static void writeVariable(ByteBuf out, int value) {
        int rest = value;
        while (rest > 0x7F) {
            out.writeByte(0x80 | (rest & 0x7F));
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}
