package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.Retention;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What Cassandra holds of each conversation. Reads every message: for operators, a few times a day. */
public final class StorageUse {
    private static final int PAGE_ROWS = 2000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final CqlSession session;
    private final String keyspace;

    /** The tables must exist, see {@link Schema#await}. */
    public StorageUse(CqlSession session, String keyspace) {
        this.session = session;
        this.keyspace = keyspace;
    }

    /** What is stored of one conversation. */
    public static final class Stored {
        private Retention retention = Retention.getDefaultInstance();
        private long messages;
        private long bytes;
        private long reactions;
        private long oldestMillis = Long.MAX_VALUE;
        private long withoutEnd;
        private @Nullable Instant firstEnd;
        private @Nullable Instant lastEnd;

        /** What the conversation asks for; unset: the server's default. */
        public Retention retention() {
            return retention;
        }

        /** Events, of all kinds. */
        public long messages() {
            return messages;
        }

        /** The events' own bytes. */
        public long bytes() {
            return bytes;
        }

        /** Reactions. */
        public long reactions() {
            return reactions;
        }

        /** When the oldest was sent; null when there is none. */
        public @Nullable Instant oldest() {
            return messages == 0 ? null : Instant.ofEpochMilli(oldestMillis);
        }

        /** How many have no end of their own: they stay until somebody deletes them. */
        public long withoutEnd() {
            return withoutEnd;
        }

        /** When the first of those with an end goes; null when there is none. */
        public @Nullable Instant firstEnd() {
            return firstEnd;
        }

        /** When the last of those goes. */
        public @Nullable Instant lastEnd() {
            return lastEnd;
        }

        private void add(Row row, int eventBytes, Instant now) {
            messages++;
            bytes += eventBytes;
            oldestMillis = Math.min(oldestMillis, row.getLong(3) / NANOS_PER_MILLI);
            if (row.isNull(2)) {
                withoutEnd++;
                return;
            }
            Instant end = now.plusSeconds(row.getInt(2));
            firstEnd = firstEnd == null || end.isBefore(firstEnd) ? end : firstEnd;
            lastEnd = lastEnd == null || end.isAfter(lastEnd) ? end : lastEnd;
        }
    }

    /**
     * Reads all of it.
     *
     * @param progress told how many rows were read, now and then
     */
    public Map<ConversationId, Stored> read(LongConsumer progress) {
        Map<ConversationId, Stored> all = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        Instant now = Instant.now();
        long count = 0;
        for (MessageTable table : MessageTable.values()) {
            for (Row row : rows("SELECT conversation, event, ttl(event), writetime(event) FROM " + keyspace + "."
                    + table.table())) {
                ByteBuffer event = row.getByteBuffer(1);
                if (event != null) {
                    stored(all, row).add(row, event.remaining(), now);
                }
                if (++count % PAGE_ROWS == 0) {
                    progress.accept(count);
                }
            }
        }
        for (Row row : rows("SELECT conversation FROM " + keyspace + ".reactions")) {
            stored(all, row).reactions++;
        }
        for (Row row : rows("SELECT conversation, retention FROM " + keyspace + ".conversations")) {
            stored(all, row).retention = retention(row.getByteBuffer(1));
        }
        return all;
    }

    private Iterable<Row> rows(String query) {
        return session.execute(SimpleStatement.newInstance(query).setPageSize(PAGE_ROWS));
    }

    private static Stored stored(Map<ConversationId, Stored> all, Row row) {
        String conversation = row.getString(0);
        if (conversation == null) {
            throw new IllegalStateException("a row has no key");
        }
        return all.computeIfAbsent(ConversationId.parse(conversation), key -> new Stored());
    }

    private static Retention retention(@Nullable ByteBuffer bytes) {
        try {
            return bytes == null ? Retention.getDefaultInstance() : Retention.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the conversations table holds a retention that is none", e);
        }
    }
}
