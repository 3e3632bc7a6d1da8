package io.parley.standalone;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The properties of an MQTT 5 packet that are numbers; those that are text or bytes are stepped over. */
public record PacketProperties(Map<Integer, List<Long>> numbers) {
    public static final int SESSION_EXPIRY = 17;
    public static final int RECEIVE_MAXIMUM = 33;
    public static final int TOPIC_ALIAS_MAXIMUM = 34;
    public static final int SUBSCRIPTION_ID = 11;
    public static final int TOPIC_ALIAS = 35;

    public PacketProperties {
        numbers = Map.copyOf(numbers);
    }

    /** Reads the length of the properties, and them. */
    static PacketProperties read(DataInputStream in) throws IOException {
        byte[] bytes = new byte[Packet.readNumber(in)];
        in.readFully(bytes);
        Map<Integer, List<Long>> numbers = new HashMap<>();
        DataInputStream left = new DataInputStream(new ByteArrayInputStream(bytes));
        while (left.available() > 0) {
            int id = left.readUnsignedByte();
            switch (id) {
                case 1, 23, 25, 36, 37, 40, 41, 42 -> put(numbers, id, left.readUnsignedByte());
                case 19, RECEIVE_MAXIMUM, TOPIC_ALIAS_MAXIMUM, TOPIC_ALIAS ->
                    put(numbers, id, left.readUnsignedShort());
                case 2, SESSION_EXPIRY, 24, 39 -> put(numbers, id, left.readInt() & 0xFFFF_FFFFL);
                case SUBSCRIPTION_ID -> put(numbers, id, Packet.readNumber(left));
                case 38 -> {
                    skipText(left);
                    skipText(left);
                }
                default -> skipText(left);
            }
        }
        return new PacketProperties(numbers);
    }

    private static void put(Map<Integer, List<Long>> numbers, int id, long value) {
        numbers.computeIfAbsent(id, unused -> new ArrayList<>()).add(value);
    }

    private static void skipText(DataInputStream in) throws IOException {
        in.skipNBytes(in.readUnsignedShort());
    }

    /** All values of a property. */
    public List<Long> all(int id) {
        return numbers.getOrDefault(id, List.of());
    }

    /** The value of a property that is there once at most. */
    public OptionalLong one(int id) {
        return all(id).stream().mapToLong(Long::longValue).findFirst();
    }
}
