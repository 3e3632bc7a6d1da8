package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.parley.delivery.SequencedEvent;
import io.parley.protocol.ConversationId;
import io.parley.protocol.WireFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stores a conversation's events and what follows from them. Idempotent: the same events may be written again at any time, by anybody.
 * A reader never sees a gap, since events are stored in their order and the head last.
 */
public final class ConversationWriter {
    private static final int BATCH_ROWS = 50;
    /** Cassandra refuses batches above 640 KiB; a single event stays far below it. */
    private static final int BATCH_BYTES = 256 * 1024;

    private final CqlSession session;
    private final PreparedStatement message;
    private final PreparedStatement head;
    private final MembershipFacts facts;

    /** Prepares its statements: the tables must exist, see {@link Schema#ensure}. */
    public ConversationWriter(CqlSession session, String keyspace) {
        this.session = session;
        this.message = session.prepare("INSERT INTO " + keyspace
                + ".messages (conversation, bucket, seq, event) VALUES (?, ?, ?, ?) USING TIMESTAMP ?");
        this.head = session.prepare("UPDATE " + keyspace
                + ".conversations USING TIMESTAMP ? SET head = ?, kind = ? WHERE conversation = ?");
        this.facts = new MembershipFacts(session, keyspace);
    }

    /**
     * Stores events of one conversation.
     *
     * @param events ascending by seq, at least one; to be followed by the next call only when this one is done
     * @return done when Cassandra has everything; fails when it could not take something, and then the call is to be made again
     */
    public CompletionStage<Void> write(ConversationId conversation, List<SequencedEvent> events) {
        int headSeq = events.get(events.size() - 1).seq();
        return messages(conversation, events, 0)
                .thenCompose(done -> facts.write(conversation, events))
                .thenCompose(done -> session.executeAsync(head.bind(
                        (long) headSeq, headSeq, conversation.isDirect() ? "DIRECT" : "GROUP", conversation.value())))
                .thenApply(done -> null);
    }

    private CompletionStage<Void> messages(ConversationId conversation, List<SequencedEvent> events, int from) {
        if (from >= events.size()) {
            return CompletableFuture.completedFuture(null);
        }
        int bucket = Buckets.of(events.get(from).seq());
        BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
        int bytes = 0;
        int next = from;
        while (next < events.size() && next - from < BATCH_ROWS && bytes < BATCH_BYTES) {
            SequencedEvent event = events.get(next);
            if (Buckets.of(event.seq()) != bucket) {
                break;
            }
            byte[] payload = event.payload(WireFormat.PROTO);
            bytes += payload.length;
            batch.addStatement(message.bind(
                    conversation.value(), bucket, event.seq(), ByteBuffer.wrap(payload), (long) event.seq()));
            next++;
        }
        int following = next;
        return session.executeAsync(batch.build()).thenCompose(done -> messages(conversation, events, following));
    }
}
