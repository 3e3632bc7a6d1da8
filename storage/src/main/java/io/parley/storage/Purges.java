package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.PointersMoved;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Deletes what need not be kept any more: everything of a conversation up to a seq. What is written late up to there stays deleted. */
final class Purges {
    private final CqlSession session;
    private final Batches batches;
    private final AttachmentReferences references;
    private final PreparedStatement before;
    private final List<PreparedStatement> deletions = new ArrayList<>();
    private final PreparedStatement purging;
    private final PreparedStatement purged;

    Purges(CqlSession session, String keyspace, Batches batches) {
        this.session = session;
        this.batches = batches;
        this.references = new AttachmentReferences(session, keyspace, batches);
        this.before = session.prepare("SELECT purged FROM " + keyspace + ".conversations WHERE conversation = ?");
        MessageStatements messages = MessageStatements.prepare(session, keyspace, Purges::deletion);
        deletions.add(messages.expiring());
        deletions.add(messages.kept());
        deletions.add(session.prepare(deletion(keyspace + ".reactions")));
        this.purging = session.prepare(
                "UPDATE " + keyspace + ".conversations USING TIMESTAMP ? SET purging = ? WHERE conversation = ?");
        this.purged = session.prepare(
                "UPDATE " + keyspace + ".conversations USING TIMESTAMP ? SET purged = ? WHERE conversation = ?");
    }

    private static String deletion(String table) {
        return "DELETE FROM " + table + " USING TIMESTAMP ? WHERE conversation = ? AND bucket = ? AND seq <= ?";
    }

    CompletionStage<Void> purge(ConversationId conversation, PointersMoved moved) {
        String id = conversation.value();
        int through = moved.getPurged();
        long at = WriteTime.at(moved.getPurgedAtMillis());
        // Told before it begins, so that no cache shows what is not in the tables any more.
        return batches.execute(List.of(purging.bind((long) through, through, id)))
                .thenCompose(told -> session.executeAsync(before.bind(id)))
                .thenCompose(rows -> {
                    Row row = rows.one();
                    int first = row == null ? 1 : row.getInt(0) + 1;
                    CompletionStage<Void> released = CompletableFuture.completedFuture(null);
                    List<BoundStatement> all = new ArrayList<>();
                    for (int each = Buckets.of(first); each <= Buckets.of(through); each++) {
                        int bucket = each;
                        released = released.thenCompose(
                                done -> references.releaseThrough(conversation, bucket, through, at));
                        for (PreparedStatement deletion : deletions) {
                            all.add(deletion.bind(at, id, bucket, through));
                        }
                    }
                    return released.thenCompose(done -> batches.execute(all));
                })
                .thenCompose(done -> batches.execute(List.of(purged.bind((long) through, through, id))));
    }
}
