package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.parley.protocol.ConversationId;
import io.parley.protocol.log.PointersMoved;
import io.parley.protocol.wire.Receipt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Stores delivered and read pointers. A cell's write time is its value: so no pointer moves back, in whichever order they are written. */
public final class PointerWriter {
    private final Batches batches;
    private final PreparedStatement delivered;
    private final PreparedStatement read;
    private final Purges purges;

    /** Prepares its statements: the tables must exist, see {@link Schema#ensure}. */
    public PointerWriter(CqlSession session, String keyspace) {
        this(session, keyspace, new Batches(session, keyspace, RefusedRows.LOGGED));
    }

    PointerWriter(CqlSession session, String keyspace, Batches batches) {
        this.batches = batches;
        String update = "UPDATE " + keyspace + ".pointers USING TIMESTAMP ? SET ";
        this.delivered = session.prepare(update + "delivered = ? WHERE conversation = ? AND user = ?");
        this.read = session.prepare(update + "read = ? WHERE conversation = ? AND user = ?");
        this.purges = new Purges(session, keyspace, batches);
    }

    /**
     * Stores pointers, and deletes what a conversation's own has passed.
     *
     * @return done when Cassandra has them; fails when it could not take one, and then the call is to be made again
     */
    public CompletionStage<Void> write(Map<ConversationId, List<PointersMoved>> pointers) {
        List<BoundStatement> rows = new ArrayList<>();
        Map<ConversationId, PointersMoved> purged = new LinkedHashMap<>();
        pointers.forEach((conversation, list) -> list.forEach(moved -> {
            for (Receipt receipt : moved.getPointersList()) {
                add(rows, delivered, conversation, receipt, receipt.getDelivered());
                add(rows, read, conversation, receipt, receipt.getRead());
            }
            if (moved.getPurged() > 0) {
                purged.put(conversation, moved);
            }
        }));
        CompletionStage<Void> done = batches.execute(rows);
        for (Map.Entry<ConversationId, PointersMoved> each : purged.entrySet()) {
            done = done.thenCompose(before -> purges.purge(each.getKey(), each.getValue()));
        }
        return done;
    }

    private static void add(
            List<BoundStatement> rows,
            PreparedStatement statement,
            ConversationId conversation,
            Receipt receipt,
            int seq) {
        if (seq > 0) {
            rows.add(statement.bind((long) seq, seq, conversation.value(), receipt.getUser()));
        }
    }
}
