package io.parley.archiver;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.LogTopics;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.log.Keeping;
import io.parley.protocol.log.PointersMoved;
import io.parley.protocol.wire.ChatEvent;
import io.parley.storage.LoggedEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one poll brought, by conversation, in the order of the log. */
record Read(Map<ConversationId, List<LoggedEvent>> events, Map<ConversationId, List<PointersMoved>> pointers) {
    private static final Logger LOG = LoggerFactory.getLogger(Read.class);

    /** Decodes records of {@code parley.events} and {@code parley.pointers}; what is none of them is left out with a warning, what has no value without. */
    static Read of(ConsumerRecords<byte[], byte[]> records) {
        Read read = new Read(new LinkedHashMap<>(), new LinkedHashMap<>());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.value() == null) {
                continue;
            }
            try {
                read.add(record);
            } catch (InvalidProtocolBufferException | IllegalArgumentException | NullPointerException e) {
                LOG.warn(
                        "unreadable record left out topic={} partition={} offset={}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        e);
            }
        }
        return read;
    }

    private void add(ConsumerRecord<byte[], byte[]> record) throws InvalidProtocolBufferException {
        ConversationId conversation = ConversationId.parse(new String(record.key(), StandardCharsets.UTF_8));
        if (record.topic().equals(LogTopics.POINTERS)) {
            pointers.computeIfAbsent(conversation, id -> new ArrayList<>())
                    .add(PointersMoved.parseFrom(record.value()));
        } else {
            events.computeIfAbsent(conversation, id -> new ArrayList<>())
                    .add(new LoggedEvent(new SequencedEvent(seq(record.value()), record.value()), keeping(record)));
        }
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
