package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.parley.delivery.SequencedEvent;
import io.parley.protocol.ConversationId;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Stores conversations' events and what follows from them. Idempotent: the same events may be written again at any time, by anybody.
 * A reader never sees a gap, since the head is stored last.
 */
public final class ConversationWriter {
    private final Batches batches;
    private final PreparedStatement message;
    private final PreparedStatement head;
    private final MembershipFacts facts;
    private final SettingFacts settings;
    private final MessageChanges changes;

    /** Prepares its statements: the tables must exist, see {@link Schema#ensure}. */
    public ConversationWriter(CqlSession session, String keyspace) {
        this.batches = new Batches(session, keyspace);
        this.message = session.prepare("INSERT INTO " + keyspace
                + ".messages (conversation, bucket, seq, event, sender) VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?");
        this.head = session.prepare("UPDATE " + keyspace
                + ".conversations USING TIMESTAMP ? SET head = ?, kind = ? WHERE conversation = ?");
        this.facts = new MembershipFacts(session, keyspace);
        this.settings = new SettingFacts(session, keyspace);
        this.changes = new MessageChanges(session, keyspace);
    }

    /**
     * Stores events.
     *
     * @param events of each conversation, ascending by seq, at least one; to be followed by the next call only when this one is done
     * @return done when Cassandra has everything; fails when it could not take something, and then the call is to be made again
     */
    public CompletionStage<Void> write(Map<ConversationId, List<SequencedEvent>> events) {
        List<BoundStatement> messages = new ArrayList<>();
        List<BoundStatement> following = new ArrayList<>();
        List<BoundStatement> heads = new ArrayList<>();
        List<Supplier<CompletionStage<List<BoundStatement>>>> deletions = new ArrayList<>();
        events.forEach((conversation, list) -> {
            for (SequencedEvent event : list) {
                ChatEvent decoded = event.decoded();
                messages.add(message(conversation, event, sender(decoded)));
                following.addAll(facts.of(conversation, decoded));
                following.addAll(settings.of(conversation, decoded));
                following.addAll(changes.of(conversation, decoded));
                if (decoded.hasDeleted()) {
                    deletions.add(() -> changes.erasures(conversation, decoded));
                }
            }
            heads.add(head(conversation, list.get(list.size() - 1).seq()));
        });
        return batches.execute(messages)
                .thenCompose(done -> batches.execute(following))
                .thenCompose(done -> erase(deletions))
                .thenCompose(done -> batches.execute(heads));
    }

    private CompletionStage<Void> erase(List<Supplier<CompletionStage<List<BoundStatement>>>> deletions) {
        CompletionStage<Void> erased = CompletableFuture.completedFuture(null);
        for (Supplier<CompletionStage<List<BoundStatement>>> deletion : deletions) {
            erased = erased.thenCompose(done -> deletion.get()).thenCompose(batches::execute);
        }
        return erased;
    }

    /** Whose message it is; empty for what is none, and does not count as unread. */
    private static String sender(ChatEvent event) {
        return event.hasText() || event.hasData() || event.getAttachmentsCount() > 0 ? event.getFrom() : "";
    }

    private BoundStatement message(ConversationId conversation, SequencedEvent event, String sender) {
        ByteBuffer payload = ByteBuffer.wrap(event.payload(WireFormat.PROTO));
        int seq = event.seq();
        return message.bind(conversation.value(), Buckets.of(seq), seq, payload, sender, (long) seq);
    }

    private BoundStatement head(ConversationId conversation, int seq) {
        return head.bind((long) seq, seq, conversation.isDirect() ? "DIRECT" : "GROUP", conversation.value());
    }
}
