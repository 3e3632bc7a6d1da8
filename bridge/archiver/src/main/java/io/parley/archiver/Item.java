package io.parley.archiver;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogPlace;
import io.parley.protocol.LogTopics;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.log.PointersMoved;
import io.parley.protocol.wire.ChatEvent;
import io.parley.storage.LoggedEvent;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record of {@code parley.events} or {@code parley.pointers}, decoded.
 *
 * @param conversation whose it is
 * @param event null if it is none
 * @param pointers null if it is an event
 * @param takenMillis when the log took what it came of, since 1970
 * @param bytes about what it takes in memory
 * @param partition where it is unfinished until it is written
 */
record Item(
        ConversationId conversation,
        @Nullable LoggedEvent event,
        @Nullable PointersMoved pointers,
        LogPlace place,
        long takenMillis,
        int bytes,
        Unfinished partition) {
    /** What an object takes beside the bytes. */
    private static final int OBJECT_BYTES = 500;

    /**
     * Decodes a record.
     *
     * @throws InvalidProtocolBufferException if the value is not what its topic has
     * @throws IllegalArgumentException if the key is no conversation, or the seq is none
     */
    static Item of(ConsumerRecord<byte[], byte[]> record, Unfinished partition) throws InvalidProtocolBufferException {
        if (record.key() == null) {
            throw new IllegalArgumentException("a record has a key");
        }
        ConversationId conversation = ConversationId.parse(new String(record.key(), StandardCharsets.UTF_8));
        LogPlace place = new LogPlace(record.topic(), record.partition(), record.offset());
        int bytes = OBJECT_BYTES + record.value().length;
        if (record.topic().equals(LogTopics.POINTERS)) {
            return new Item(
                    conversation,
                    null,
                    PointersMoved.parseFrom(record.value()),
                    place,
                    record.timestamp(),
                    bytes,
                    partition);
        }
        SequencedEvent event = new SequencedEvent(seq(record.value()), record.value());
        return new Item(
                conversation,
                new LoggedEvent(event, keeping(record), place),
                null,
                place,
                record.timestamp(),
                bytes,
                partition);
    }

    private static Keeping keeping(ConsumerRecord<byte[], byte[]> record) throws InvalidProtocolBufferException {
        Header header = record.headers().lastHeader(LogTopics.RETENTION_HEADER);
        return header == null ? Keeping.getDefaultInstance() : Keeping.parseFrom(header.value());
    }

    private static int seq(byte[] value) throws InvalidProtocolBufferException {
        int seq = ChatEvent.parseFrom(value).getSeq();
        if (seq <= 0) {
            throw new IllegalArgumentException("an event has a seq from 1 on");
        }
        return seq;
    }
}
