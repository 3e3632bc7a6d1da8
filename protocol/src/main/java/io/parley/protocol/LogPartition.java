package io.parley.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Which partition of a topic a conversation's records are in: that of Kafka's default partitioner, murmur2 of the key. For whoever has to know it
 * without a Kafka client.
 */
public final class LogPartition {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;

    private LogPartition() {}

    /** The partition, from 0 on, of a topic that has so many. */
    public static int of(ConversationId conversation, int partitions) {
        return (murmur2(conversation.value().getBytes(StandardCharsets.UTF_8)) & Integer.MAX_VALUE) % partitions;
    }

    /** Austin Appleby's MurmurHash2 with the seed of Kafka's {@code Utils.murmur2}. */
    private static int murmur2(byte[] key) {
        ByteBuffer bytes = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        int hash = SEED ^ key.length;
        while (bytes.remaining() >= Integer.BYTES) {
            int block = bytes.getInt() * MULTIPLIER;
            block ^= block >>> 24;
            hash = (hash * MULTIPLIER) ^ (block * MULTIPLIER);
        }
        if (bytes.hasRemaining()) {
            for (int shift = 0; bytes.hasRemaining(); shift += Byte.SIZE) {
                hash ^= (bytes.get() & 0xff) << shift;
            }
            hash *= MULTIPLIER;
        }
        hash ^= hash >>> 13;
        hash *= MULTIPLIER;
        return hash ^ (hash >>> 15);
    }
}
