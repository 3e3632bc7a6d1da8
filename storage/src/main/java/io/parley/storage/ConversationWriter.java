package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.parley.protocol.ConversationId;
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

    /** Prepares its statements: the tables must exist, see {@link Schema#ensure}. What Cassandra refuses for good is logged. */
    public ConversationWriter(CqlSession session, String keyspace) {
        this(session, keyspace, new Batches(session, keyspace, RefusedRows.LOGGED));
    }

    ConversationWriter(CqlSession session, String keyspace, Batches batches) {
        this.batches = batches;
        this.message = MessageStatements.prepare(
                session,
                keyspace,
                table -> "INSERT INTO " + table
                        + " (conversation, bucket, seq, event, event_bytes, sender) VALUES (?, ?, ?, ?, ?, ?) USING"
                        + " TIMESTAMP ? AND TTL ?");
        this.head = session.prepare("UPDATE " + keyspace
                + ".conversations USING TIMESTAMP ? SET head = ?, kind = ? WHERE conversation = ?");
        this.changed = session.prepare(
                "UPDATE " + keyspace + ".conversations USING TIMESTAMP ? SET changed = ? WHERE conversation = ?");
        this.facts = new MembershipFacts(session, keyspace);
        this.settings = new SettingFacts(session, keyspace);
        this.changes = new MessageChanges(session, keyspace, batches);
        this.erasure = new UserErasure(session, keyspace, batches);
        this.references = new AttachmentReferences(session, keyspace, batches);
    }

    /**
     * Stores events; no conversation waits for another.
     *
     * @param events of each conversation, ascending by seq, at least one; to be followed by the next call for that conversation only when this one is done
     * @return done when Cassandra has everything; fails when it could not take something, and then the call is to be made again
     */
    public CompletionStage<Void> write(Map<ConversationId, List<LoggedEvent>> events) {
        return CompletableFuture.allOf(events.entrySet().stream()
                .map(each -> write(each.getKey(), each.getValue()).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    private CompletionStage<Void> write(ConversationId conversation, List<LoggedEvent> list) {
        List<RowWrite> messages = new ArrayList<>();
        List<RowWrite> following = new ArrayList<>();
        List<Supplier<CompletionStage<Void>>> rewritings = new ArrayList<>();
        Instant now = Instant.now();
        for (LoggedEvent logged : list) {
            ChatEvent decoded = logged.event().decoded();
            Term term = Term.of(logged, decoded, now);
            if (!term.isOver()) {
                messages.add(message(conversation, logged, decoded, term));
            }
            following(conversation, decoded, term)
                    .forEach(row -> following.add(new RowWrite(row, conversation.value(), logged, null)));
            addRewritings(rewritings, conversation, decoded);
        }
        int lastChange = RecentFeed.lastChange(list);
        List<BoundStatement> changing = lastChange == 0
                ? List.of()
                : List.of(changed.bind((long) lastChange, lastChange, conversation.value()));
        BoundStatement last =
                head(conversation, list.get(list.size() - 1).event().seq());
        return batches.write(messages)
                .thenCompose(done -> batches.write(following))
                // Told before it begins: from then on no cache shows a row that lacks the change.
                .thenCompose(done -> batches.execute(changing))
                .thenCompose(done -> rewrite(rewritings))
                .thenCompose(done -> batches.execute(List.of(last)));
    }

    private List<BoundStatement> following(ConversationId conversation, ChatEvent event, Term term) {
        List<BoundStatement> following = new ArrayList<>();
        if (!term.isOver()) {
            following.addAll(changes.reaction(conversation, event, term));
        }
        following.addAll(facts.of(conversation, event));
        following.addAll(settings.of(conversation, event));
        following.addAll(references.of(conversation, event, term));
        return following;
    }

    private void addRewritings(List<Supplier<CompletionStage<Void>>> to, ConversationId conversation, ChatEvent event) {
        if (event.hasDeleted() || event.hasEdited()) {
            to.add(() -> changes.rewritings(conversation, event).thenCompose(batches::execute));
        }
        if (event.hasAvatarChanged()) {
            to.add(() -> references.avatarChanged(conversation, event));
        }
        if (event.hasUserErased()) {
            to.add(() -> erasure.erase(conversation, event));
        }
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

    /** If Cassandra refuses a message for good, there is a tombstone in its place. */
    private RowWrite message(ConversationId conversation, LoggedEvent logged, ChatEvent decoded, Term term) {
        byte[] payload = logged.event().payload(WireFormat.PROTO);
        BoundStatement tombstone = Tombstones.shortens(decoded)
                ? row(conversation, decoded, Tombstones.of(decoded).toByteArray(), "", term)
                : null;
        return new RowWrite(
                row(conversation, decoded, payload, sender(decoded), term), conversation.value(), logged, tombstone);
    }

    private BoundStatement row(ConversationId conversation, ChatEvent event, byte[] payload, String sender, Term term) {
        return message.of(term.table())
                .bind(
                        conversation.value(),
                        Buckets.of(event.getSeq()),
                        event.getSeq(),
                        ByteBuffer.wrap(payload),
                        payload.length,
                        sender,
                        WriteTime.of(event),
                        term.seconds());
    }

    private BoundStatement head(ConversationId conversation, int seq) {
        return head.bind((long) seq, seq, conversation.isDirect() ? "DIRECT" : "GROUP", conversation.value());
    }
}
