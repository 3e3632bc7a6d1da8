package io.parley.protocol;

import com.google.protobuf.ByteString;
import io.parley.protocol.log.BuriedRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a record that could not be processed, for an operator. A record may be as large as Kafka takes, so it is split. The parts are kept
 * for hours only: they may have what somebody wrote, and a key to encrypt them would have to lie beside them.
 */
public final class BuriedRecords {
    private BuriedRecords() {}

    /**
     * The parts of a record, in order; none for an empty one.
     *
     * @param value the record's value
     */
    public static List<BuriedRecord> parts(String topic, int partition, long offset, byte[] value) {
        int parts = (value.length + RecordLimit.PART_BYTES - 1) / RecordLimit.PART_BYTES;
        List<BuriedRecord> all = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int from = part * RecordLimit.PART_BYTES;
            all.add(BuriedRecord.newBuilder()
                    .setTopic(topic)
                    .setPartition(partition)
                    .setOffset(offset)
                    .setPart(part)
                    .setParts(parts)
                    .setValue(ByteString.copyFrom(value, from, Math.min(RecordLimit.PART_BYTES, value.length - from)))
                    .build());
        }
        return all;
    }
}
