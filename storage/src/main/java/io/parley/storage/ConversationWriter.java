package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.parley.protocol.ConversationId;
import io.parley.protocol.SequencedEvent;
import io.parley.protocol.Tombstones;
import io.parley.protocol.WireFormat;
import io.parley.protocol.wire.ChatEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
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
    private final MessageStatements message;
    private final PreparedStatement head;
    private final PreparedStatement changed;
    private final MembershipFacts facts;
    private final SettingFacts settings;
    private final MessageChanges changes;
    private final UserErasure erasure;
    private final AttachmentReferences references;

    /** Prepares its statements: the tables must exist, see {@link Schema#ensure}. */
    public ConversationWriter(CqlSession session, String keyspace) {
        this.batches = new Batches(session, keyspace);
        this.message = MessageStatements.prepare(
                session,
                keyspace,
                table -> "INSERT INTO " + table
                        + " (conversation, bucket, seq, event, event_bytes, sender) VALUES (?, ?, ?, ?, ?, ?) USING TIMESTAMP ? AND TTL ?");
        this.head = session.prepare("UPDATE " + keyspace
                + ".conversations USING TIMESTAMP ? SET head = ?, kind = ? WHERE conversation = ?");
        this.changed = session.prepare(
                "UPDATE " + keyspace + ".conversations USING TIMESTAMP ? SET changed = ? WHERE conversation = ?");
        this.facts = new MembershipFacts(session, keyspace);
        this.settings = new SettingFacts(session, keyspace);
        this.changes = new MessageChanges(session, keyspace);
        this.erasure = new UserErasure(session, keyspace);
        this.references = new AttachmentReferences(session, keyspace);
    }

    /**
     * Stores events.
     *
     * @param events of each conversation, ascending by seq, at least one; to be followed by the next call only when this one is done
     * @return done when Cassandra has everything; fails when it could not take something, and then the call is to be made again
     */
    public CompletionStage<Void> write(Map<ConversationId, List<LoggedEvent>> events) {
        List<BoundStatement> messages = new ArrayList<>();
        List<BoundStatement> following = new ArrayList<>();
        List<BoundStatement> changing = new ArrayList<>();
        List<BoundStatement> heads = new ArrayList<>();
        List<Supplier<CompletionStage<Void>>> rewritings = new ArrayList<>();
        Instant now = Instant.now();
        events.forEach((conversation, list) -> {
            for (LoggedEvent logged : list) {
                ChatEvent decoded = logged.event().decoded();
                Term term = Term.of(logged, decoded, now);
                if (!term.isOver()) {
                    messages.add(message(conversation, logged.event(), decoded, term));
                    following.addAll(changes.reaction(conversation, decoded, term));
                }
                following.addAll(facts.of(conversation, decoded));
                following.addAll(settings.of(conversation, decoded));
                following.addAll(references.of(conversation, decoded, term));
                if (decoded.hasDeleted() || decoded.hasEdited()) {
                    rewritings.add(
                            () -> changes.rewritings(conversation, decoded).thenCompose(batches::execute));
                }
                if (decoded.hasAvatarChanged()) {
                    rewritings.add(() -> references.avatarChanged(conversation, decoded));
                }
                if (decoded.hasUserErased()) {
                    rewritings.add(() -> erasure.erase(conversation, decoded));
                }
            }
            int lastChange = RecentFeed.lastChange(list);
            if (lastChange > 0) {
                changing.add(changed.bind((long) lastChange, lastChange, conversation.value()));
            }
            heads.add(head(conversation, list.get(list.size() - 1).event().seq()));
        });
        return batches.execute(messages)
                .thenCompose(done -> batches.execute(following))
                // Told before it begins: from then on no cache shows a row that lacks the change.
                .thenCompose(done -> batches.execute(changing))
                .thenCompose(done -> rewrite(rewritings))
                .thenCompose(done -> batches.execute(heads));
    }

    private CompletionStage<Void> rewrite(List<Supplier<CompletionStage<Void>>> rewritings) {
        CompletionStage<Void> rewritten = CompletableFuture.completedFuture(null);
        for (Supplier<CompletionStage<Void>> rewriting : rewritings) {
            rewritten = rewritten.thenCompose(done -> rewriting.get());
        }
        return rewritten;
    }

    /** Whose message it is; empty for what is none, and does not count as unread. */
    private static String sender(ChatEvent event) {
        return Tombstones.isMessage(event) ? event.getFrom() : "";
    }

    private BoundStatement message(ConversationId conversation, SequencedEvent event, ChatEvent decoded, Term term) {
        int seq = event.seq();
        byte[] payload = event.payload(WireFormat.PROTO);
        return message.of(term.table())
                .bind(
                        conversation.value(),
                        Buckets.of(seq),
                        seq,
                        ByteBuffer.wrap(payload),
                        payload.length,
                        sender(decoded),
                        WriteTime.of(decoded),
                        term.seconds());
    }

    private BoundStatement head(ConversationId conversation, int seq) {
        return head.bind((long) seq, seq, conversation.isDirect() ? "DIRECT" : "GROUP", conversation.value());
    }
}
