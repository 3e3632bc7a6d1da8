package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.protocol.internal.util.Bytes;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads stretches of a conversation's messages, across tables and partitions. */
final class MessageRows {
    private static final int MAX_ROWS = 1000;
    private static final Comparator<StoredMessage> BY_SEQ =
            Comparator.comparingInt(message -> message.event().seq());

    private final CqlSession session;
    private final MessageStatements ascending;
    private final MessageStatements descending;
    private final PreparedStatement extent;
    private final MessageStatements senders;

    /**
     * How far a conversation reaches.
     *
     * @param head the newest stored seq; 0 when nothing is. All seqs up to it were stored
     * @param purged all seqs up to it are deleted
     */
    record Extent(int head, int purged) {}

    MessageRows(CqlSession session, String keyspace) {
        this.session = session;
        String stretch = " WHERE conversation = ? AND bucket = ? AND seq >= ? AND seq <= ? ";
        UnaryOperator<String> range = table -> "SELECT seq, event, edited FROM " + table + stretch;
        this.ascending =
                MessageStatements.prepare(session, keyspace, table -> range.apply(table) + "ORDER BY seq ASC LIMIT ?");
        this.descending =
                MessageStatements.prepare(session, keyspace, table -> range.apply(table) + "ORDER BY seq DESC LIMIT ?");
        this.senders = MessageStatements.prepare(session, keyspace, table -> "SELECT sender FROM " + table + stretch);
        this.extent = session.prepare("SELECT head, purged FROM " + keyspace + ".conversations WHERE conversation = ?");
    }

    CompletionStage<Extent> extent(ConversationId conversation) {
        return session.executeAsync(extent.bind(conversation.value())).thenApply(rows -> {
            Row row = rows.one();
            return row == null ? new Extent(0, 0) : new Extent(row.getInt(0), row.getInt(1));
        });
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
        if (first > last || limit <= 0) {
            return CompletableFuture.completedFuture(List.of());
        }
        int rows = Math.min(limit, MAX_ROWS);
        int bucketEnd = Buckets.lastSeq(Buckets.of(first));
        return range(ascending, BY_SEQ, conversation, Buckets.of(first), first, last, rows)
                .thenCompose(found -> found.size() >= rows || bucketEnd >= last
                        ? CompletableFuture.completedFuture(found)
                        : lowest(conversation, bucketEnd + 1, last, rows - found.size())
                                .thenApply(more -> joined(found, more)));
    }

    /** The highest {@code limit} events of {@code first..last}, ascending. */
    CompletionStage<List<StoredMessage>> highest(ConversationId conversation, int first, int last, int limit) {
        if (first > last || limit <= 0) {
            return CompletableFuture.completedFuture(List.of());
        }
        int rows = Math.min(limit, MAX_ROWS);
        int bucketStart = Buckets.firstSeq(Buckets.of(last));
        return range(descending, BY_SEQ.reversed(), conversation, Buckets.of(last), first, last, rows)
                .thenApply(MessageRows::reversed)
                .thenCompose(found -> found.size() >= rows || bucketStart <= first
                        ? CompletableFuture.completedFuture(found)
                        : highest(conversation, first, bucketStart - 1, rows - found.size())
                                .thenApply(older -> joined(older, found)));
    }

    private CompletionStage<List<StoredMessage>> range(
            MessageStatements statements,
            Comparator<StoredMessage> order,
            ConversationId conversation,
            int bucket,
            int first,
            int last,
            int limit) {
        CompletionStage<List<StoredMessage>> expiring =
                rows(statements.expiring(), conversation, bucket, first, last, limit);
        CompletionStage<List<StoredMessage>> kept = rows(statements.kept(), conversation, bucket, first, last, limit);
        return expiring.thenCombine(
                kept,
                (some, others) -> Stream.concat(some.stream(), others.stream())
                        .sorted(order)
                        .limit(limit)
                        .collect(Collectors.toCollection(ArrayList::new)));
    }

    private CompletionStage<List<StoredMessage>> rows(
            PreparedStatement statement, ConversationId conversation, int bucket, int first, int last, int limit) {
        BoundStatement bound =
                statement.bind(conversation.value(), bucket, first, last, limit).setPageSize(limit);
        return session.executeAsync(bound).thenApply(rows -> {
            List<StoredMessage> events = new ArrayList<>();
            for (Row row : rows.currentPage()) {
                ByteBuffer event = row.getByteBuffer(1);
                if (event != null) {
                    events.add(new StoredMessage(
                            new SequencedEvent(row.getInt(0), Bytes.getArray(event)), row.getString(2)));
                }
            }
            return events;
        });
    }

    private static List<StoredMessage> joined(List<StoredMessage> lower, List<StoredMessage> higher) {
        List<StoredMessage> all = new ArrayList<>(lower);
        all.addAll(higher);
        return all;
    }

    private static List<StoredMessage> reversed(List<StoredMessage> events) {
        Collections.reverse(events);
        return events;
    }
}
