package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Tombstones;
import io.parley.protocol.wire.ChatEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes everything of a user out of a conversation's messages: reads all of them, once, and leaves tombstones. Writes down how much it was. */
final class UserErasure {
    private static final int PAGE_ROWS = 500;
    /** How long it is known what was erased. */
    private static final int REPORT_SECONDS = (int) Duration.ofDays(30).toSeconds();

    private final CqlSession session;
    private final Batches batches;
    private final MessageRows messages;
    private final AttachmentReferences references;
    private final MessageStatements read;
    private final MessageStatements erase;
    private final PreparedStatement readReactions;
    private final PreparedStatement eraseReaction;
    private final PreparedStatement report;

    UserErasure(CqlSession session, String keyspace, Batches batches) {
        this.session = session;
        this.batches = batches;
        this.messages = new MessageRows(session, keyspace);
        this.references = new AttachmentReferences(session, keyspace, batches);
        String bucket = " WHERE conversation = ? AND bucket = ?";
        this.read = MessageStatements.prepare(
                session, keyspace, table -> "SELECT seq, event, ttl(event) FROM " + table + bucket);
        this.erase = MessageChanges.erasing(session, keyspace);
        this.readReactions = session.prepare("SELECT seq, emoji, user FROM " + keyspace + ".reactions" + bucket);
        this.eraseReaction = session.prepare("DELETE FROM " + keyspace + ".reactions USING TIMESTAMP ?" + bucket
                + " AND seq = ? AND emoji = ? AND user = ?");
        this.report = session.prepare("INSERT INTO " + keyspace
                + ".erasures (user, conversation, seq, messages, reactions) VALUES (?, ?, ?, ?, ?) USING TTL "
                + REPORT_SECONDS);
    }

    private record Work(
            ConversationId conversation, String user, int seq, long at, AtomicInteger texts, AtomicInteger reactions) {}

    /** Done when nothing is left; all events before it must be stored. */
    CompletionStage<Void> erase(ConversationId conversation, ChatEvent event) {
        Work work = new Work(
                conversation,
                event.getUserErased().getUser(),
                event.getSeq(),
                WriteTime.of(event),
                new AtomicInteger(),
                new AtomicInteger());
        return messages.extent(conversation)
                .thenCompose(extent -> erase(work, Buckets.of(extent.purged() + 1)))
                .thenCompose(done -> batches.execute(List.of(report.bind(
                        work.user(),
                        conversation.value(),
                        work.seq(),
                        work.texts().get(),
                        work.reactions().get()))));
    }

    private CompletionStage<Void> erase(Work work, int bucket) {
        if (bucket > Buckets.of(work.seq())) {
            return CompletableFuture.completedFuture(null);
        }
        CompletionStage<Void> erased = CompletableFuture.completedFuture(null);
        for (MessageTable table : MessageTable.values()) {
            erased = erased.thenCompose(done -> session.executeAsync(
                            page(read.of(table).bind(work.conversation().value(), bucket))))
                    .thenCompose(rows -> texts(work, bucket, table, rows));
        }
        return erased.thenCompose(done -> session.executeAsync(
                        page(readReactions.bind(work.conversation().value(), bucket))))
                .thenCompose(rows -> reactions(work, bucket, rows))
                .thenCompose(done -> erase(work, bucket + 1));
    }

    private static BoundStatement page(BoundStatement statement) {
        return statement.setPageSize(PAGE_ROWS);
    }

    private CompletionStage<Void> texts(Work work, int bucket, MessageTable table, AsyncResultSet rows) {
        List<BoundStatement> erasures = new ArrayList<>();
        List<ChatEvent> erased = new ArrayList<>();
        for (Row row : rows.currentPage()) {
            ByteBuffer stored = row.getByteBuffer(1);
            ChatEvent event = stored == null ? ChatEvent.getDefaultInstance() : parse(stored);
            if (event.getFrom().equals(work.user()) && row.getInt(0) < work.seq() && Tombstones.shortens(event)) {
                erased.add(event);
                byte[] tombstone = Tombstones.of(event).toByteArray();
                erasures.add(erase.of(table)
                        .bind(
                                work.at(),
                                row.getInt(2),
                                ByteBuffer.wrap(tombstone),
                                tombstone.length,
                                work.conversation().value(),
                                bucket,
                                row.getInt(0)));
            }
        }
        work.texts().addAndGet(erasures.size());
        return references
                .release(work.conversation(), erased, work.at())
                .thenCompose(done -> batches.execute(erasures))
                .thenCompose(done -> rows.hasMorePages()
                        ? rows.fetchNextPage().thenCompose(next -> texts(work, bucket, table, next))
                        : CompletableFuture.completedFuture(null));
    }

    private CompletionStage<Void> reactions(Work work, int bucket, AsyncResultSet rows) {
        List<BoundStatement> erasures = new ArrayList<>();
        for (Row row : rows.currentPage()) {
            if (work.user().equals(row.getString(2))) {
                erasures.add(eraseReaction.bind(
                        work.at(), work.conversation().value(), bucket, row.getInt(0), row.getString(1), work.user()));
            }
        }
        work.reactions().addAndGet(erasures.size());
        return batches.execute(erasures)
                .thenCompose(done -> rows.hasMorePages()
                        ? rows.fetchNextPage().thenCompose(next -> reactions(work, bucket, next))
                        : CompletableFuture.completedFuture(null));
    }

    private static ChatEvent parse(ByteBuffer stored) {
        try {
            return ChatEvent.parseFrom(stored);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the messages table holds something that is no ChatEvent", e);
        }
    }
}
