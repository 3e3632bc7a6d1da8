package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.protocol.internal.util.Bytes;
import io.parley.delivery.SequencedEvent;
import io.parley.protocol.ConversationId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads stretches of the messages table, across its partitions. */
final class MessageRows {
    private static final int MAX_ROWS = 1000;

    private final CqlSession session;
    private final PreparedStatement ascending;
    private final PreparedStatement descending;
    private final PreparedStatement head;
    private final PreparedStatement senders;

    MessageRows(CqlSession session, String keyspace) {
        this.session = session;
        String range = "SELECT seq, event, edited FROM " + keyspace
                + ".messages WHERE conversation = ? AND bucket = ? AND seq >= ? AND seq <= ? ";
        this.ascending = session.prepare(range + "ORDER BY seq ASC LIMIT ?");
        this.descending = session.prepare(range + "ORDER BY seq DESC LIMIT ?");
        this.senders = session.prepare("SELECT sender FROM " + keyspace
                + ".messages WHERE conversation = ? AND bucket = ? AND seq >= ? AND seq <= ?");
        this.head = session.prepare("SELECT head FROM " + keyspace + ".conversations WHERE conversation = ?");
    }

    /** The newest stored seq; 0 when nothing is. All seqs up to it are stored. */
    CompletionStage<Integer> head(ConversationId conversation) {
        return session.executeAsync(head.bind(conversation.value())).thenApply(rows -> {
            Row row = rows.one();
            return row == null ? 0 : row.getInt(0);
        });
    }

    /** How many of {@code first..last} are messages of others, counted among the highest {@value #MAX_ROWS}. Deleted ones are none. */
    CompletionStage<Integer> ofOthers(ConversationId conversation, String reader, int first, int last) {
        int low = Math.max(first, last - MAX_ROWS + 1);
        if (low > last) {
            return CompletableFuture.completedFuture(0);
        }
        int end = Math.min(last, Buckets.lastSeq(Buckets.of(low)));
        BoundStatement rows =
                senders.bind(conversation.value(), Buckets.of(low), low, end).setPageSize(MAX_ROWS);
        return session.executeAsync(rows).thenCompose(found -> {
            int count = 0;
            for (Row row : found.currentPage()) {
                String sender = row.getString(0);
                if (sender != null && !sender.isEmpty() && !sender.equals(reader)) {
                    count++;
                }
            }
            int here = count;
            return end == last
                    ? CompletableFuture.completedFuture(here)
                    : ofOthers(conversation, reader, end + 1, last).thenApply(more -> here + more);
        });
    }

    /** The lowest {@code limit} events of {@code first..last}, ascending. */
    CompletionStage<List<StoredMessage>> lowest(ConversationId conversation, int first, int last, int limit) {
        if (first > last || limit <= 0) {
            return CompletableFuture.completedFuture(List.of());
        }
        int rows = Math.min(limit, MAX_ROWS);
        int bucketEnd = Buckets.lastSeq(Buckets.of(first));
        return range(ascending, conversation, Buckets.of(first), first, last, rows)
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
        return range(descending, conversation, Buckets.of(last), first, last, rows)
                .thenApply(MessageRows::reversed)
                .thenCompose(found -> found.size() >= rows || bucketStart <= first
                        ? CompletableFuture.completedFuture(found)
                        : highest(conversation, first, bucketStart - 1, rows - found.size())
                                .thenApply(older -> joined(older, found)));
    }

    private CompletionStage<List<StoredMessage>> range(
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
