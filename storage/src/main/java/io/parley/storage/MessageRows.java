package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.protocol.internal.util.Bytes;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.storage.cache.Wanted;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads stretches of a conversation's messages, across tables and partitions. */
final class MessageRows {
    private static final int MAX_ROWS = 1000;
    /** No message is larger than a packet. */
    static final int UNKNOWN_BYTES = 256 * 1024;

    private static final Comparator<Sized> SIZES_BY_SEQ = Comparator.comparingInt(Sized::seq);
    private static final Comparator<StoredMessage> BY_SEQ =
            Comparator.comparingInt(message -> message.event().seq());

    private final CqlSession session;
    private final MessageStatements ascending;
    private final MessageStatements descending;
    private final PreparedStatement extent;
    private final MessageStatements senders;
    private final MessageStatements sizesAscending;
    private final MessageStatements sizesDescending;

    /**
     * A message's row without what is in it.
     *
     * @param bytes about how large it is; {@value #UNKNOWN_BYTES} if an earlier version wrote it without its size
     */
    record Sized(int seq, long bytes) {}

    /**
     * How far a conversation reaches.
     *
     * @param head the newest stored seq; 0 when nothing is. All seqs up to it were stored
     * @param purged all seqs up to it are deleted
     * @param recent what a cache needs to know
     */
    record Extent(int head, int purged, Wanted.State recent) {}

    MessageRows(CqlSession session, String keyspace) {
        this.session = session;
        String stretch = " WHERE conversation = ? AND bucket = ? AND seq >= ? AND seq <= ? ";
        UnaryOperator<String> range = table -> "SELECT seq, event, edited, ttl(event) FROM " + table + stretch;
        this.ascending =
                MessageStatements.prepare(session, keyspace, table -> range.apply(table) + "ORDER BY seq ASC LIMIT ?");
        this.descending =
                MessageStatements.prepare(session, keyspace, table -> range.apply(table) + "ORDER BY seq DESC LIMIT ?");
        UnaryOperator<String> sizes = table -> "SELECT seq, event_bytes, edited_bytes FROM " + table + stretch;
        this.sizesAscending =
                MessageStatements.prepare(session, keyspace, table -> sizes.apply(table) + "ORDER BY seq ASC LIMIT ?");
        this.sizesDescending =
                MessageStatements.prepare(session, keyspace, table -> sizes.apply(table) + "ORDER BY seq DESC LIMIT ?");
        this.senders = MessageStatements.prepare(session, keyspace, table -> "SELECT sender FROM " + table + stretch);
        this.extent = session.prepare("SELECT head, purged, changed, purging, toTimestamp(now()) FROM " + keyspace
                + ".conversations WHERE conversation = ?");
    }

    CompletionStage<Extent> extent(ConversationId conversation) {
        return session.executeAsync(extent.bind(conversation.value())).thenApply(rows -> {
            Row row = rows.one();
            return row == null
                    ? new Extent(0, 0, new Wanted.State(0, 0, 0, 0))
                    : new Extent(row.getInt(0), row.getInt(1), state(row));
        });
    }

    private static Wanted.State state(Row row) {
        Instant now = Objects.requireNonNull(row.getInstant(4), "Cassandra tells the time");
        return new Wanted.State(row.getInt(0), row.getInt(2), row.getInt(3), now.toEpochMilli());
    }

    /** How many of {@code first..last} are messages of others, counted among the highest {@value #MAX_ROWS}. Deleted ones are none. */
    CompletionStage<Integer> ofOthers(ConversationId conversation, String reader, int first, int last) {
        int low = Math.max(first, last - MAX_ROWS + 1);
        if (low > last) {
            return CompletableFuture.completedFuture(0);
        }
        int end = Math.min(last, Buckets.lastSeq(Buckets.of(low)));
        CompletionStage<Integer> here = ofOthers(MessageTable.EXPIRING, conversation, reader, low, end)
                .thenCombine(ofOthers(MessageTable.KEPT, conversation, reader, low, end), Integer::sum);
        return end == last ? here : here.thenCombine(ofOthers(conversation, reader, end + 1, last), Integer::sum);
    }

    private CompletionStage<Integer> ofOthers(
            MessageTable table, ConversationId conversation, String reader, int first, int last) {
        BoundStatement rows = senders.of(table)
                .bind(conversation.value(), Buckets.of(first), first, last)
                .setPageSize(MAX_ROWS);
        return session.executeAsync(rows).thenApply(found -> {
            int count = 0;
            for (Row row : found.currentPage()) {
                String sender = row.getString(0);
                if (sender != null && !sender.isEmpty() && !sender.equals(reader)) {
                    count++;
                }
            }
            return count;
        });
    }

    /** The lowest {@code limit} events of {@code first..last}, ascending. */
    CompletionStage<List<StoredMessage>> lowest(ConversationId conversation, int first, int last, int limit) {
        return lowest(new Reading<>(ascending, MessageRows::message, BY_SEQ), conversation, first, last, limit);
    }

    /** The highest {@code limit} events of {@code first..last}, ascending. */
    CompletionStage<List<StoredMessage>> highest(ConversationId conversation, int first, int last, int limit) {
        return highest(
                        new Reading<>(descending, MessageRows::message, BY_SEQ.reversed()),
                        conversation,
                        first,
                        last,
                        limit)
                .thenApply(MessageRows::reversed);
    }

    /** How large the lowest {@code limit} events of {@code first..last} are, ascending. Reads none of them. */
    CompletionStage<List<Sized>> lowestSizes(ConversationId conversation, int first, int last, int limit) {
        return lowest(new Reading<>(sizesAscending, MessageRows::size, SIZES_BY_SEQ), conversation, first, last, limit);
    }

    /** How large the highest {@code limit} events of {@code first..last} are, descending. Reads none of them. */
    CompletionStage<List<Sized>> highestSizes(ConversationId conversation, int first, int last, int limit) {
        return highest(
                new Reading<>(sizesDescending, MessageRows::size, SIZES_BY_SEQ.reversed()),
                conversation,
                first,
                last,
                limit);
    }

    /** What is read of each row, and in which order. */
    private record Reading<T>(MessageStatements statements, Function<Row, @Nullable T> mapping, Comparator<T> order) {}

    private <T> CompletionStage<List<T>> lowest(
            Reading<T> reading, ConversationId conversation, int first, int last, int limit) {
        if (first > last || limit <= 0) {
            return CompletableFuture.completedFuture(List.of());
        }
        int rows = Math.min(limit, MAX_ROWS);
        int bucketEnd = Buckets.lastSeq(Buckets.of(first));
        return range(reading, conversation, Buckets.of(first), first, last, rows)
                .thenCompose(found -> found.size() >= rows || bucketEnd >= last
                        ? CompletableFuture.completedFuture(found)
                        : lowest(reading, conversation, bucketEnd + 1, last, rows - found.size())
                                .thenApply(more -> joined(found, more)));
    }

    private <T> CompletionStage<List<T>> highest(
            Reading<T> reading, ConversationId conversation, int first, int last, int limit) {
        if (first > last || limit <= 0) {
            return CompletableFuture.completedFuture(List.of());
        }
        int rows = Math.min(limit, MAX_ROWS);
        int bucketStart = Buckets.firstSeq(Buckets.of(last));
        return range(reading, conversation, Buckets.of(last), first, last, rows)
                .thenCompose(found -> found.size() >= rows || bucketStart <= first
                        ? CompletableFuture.completedFuture(found)
                        : highest(reading, conversation, first, bucketStart - 1, rows - found.size())
                                .thenApply(older -> joined(found, older)));
    }

    private <T> CompletionStage<List<T>> range(
            Reading<T> reading, ConversationId conversation, int bucket, int first, int last, int limit) {
        MessageStatements statements = reading.statements();
        return rows(reading, statements.expiring(), conversation, bucket, first, last, limit)
                .thenCombine(
                        rows(reading, statements.kept(), conversation, bucket, first, last, limit),
                        (some, others) -> Stream.concat(some.stream(), others.stream())
                                .sorted(reading.order())
                                .limit(limit)
                                .collect(Collectors.toCollection(ArrayList::new)));
    }

    private <T> CompletionStage<List<T>> rows(
            Reading<T> reading,
            PreparedStatement statement,
            ConversationId conversation,
            int bucket,
            int first,
            int last,
            int limit) {
        BoundStatement bound =
                statement.bind(conversation.value(), bucket, first, last, limit).setPageSize(limit);
        return session.executeAsync(bound).thenApply(rows -> {
            List<T> found = new ArrayList<>();
            for (Row row : rows.currentPage()) {
                T one = reading.mapping().apply(row);
                if (one != null) {
                    found.add(one);
                }
            }
            return found;
        });
    }

    private static @Nullable StoredMessage message(Row row) {
        ByteBuffer event = row.getByteBuffer(1);
        return event == null
                ? null
                : new StoredMessage(
                        new SequencedEvent(row.getInt(0), Bytes.getArray(event)), row.getString(2), row.getInt(3));
    }

    private static Sized size(Row row) {
        return new Sized(row.getInt(0), row.isNull(1) ? UNKNOWN_BYTES : row.getInt(1) + (long) row.getInt(2));
    }

    private static <T> List<T> joined(List<T> nearer, List<T> further) {
        List<T> all = new ArrayList<>(nearer);
        all.addAll(further);
        return all;
    }

    private static List<StoredMessage> reversed(List<StoredMessage> events) {
        Collections.reverse(events);
        return events;
    }
}
