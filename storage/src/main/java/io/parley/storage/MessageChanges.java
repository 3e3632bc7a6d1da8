package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.protocol.ConversationId;
import io.parley.protocol.Tombstones;
import io.parley.protocol.wire.ChatEvent;
import io.parley.protocol.wire.Deleted;
import io.parley.protocol.wire.Reacted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** What events do to messages before them. An edit or a reaction is written blindly; a deletion reads what it leaves a tombstone of. */
final class MessageChanges {
    private final CqlSession session;
    private final AttachmentReferences references;
    private final MessageStatements read;
    private final MessageStatements edit;
    private final MessageStatements erase;
    private final PreparedStatement react;
    private final PreparedStatement takeBack;
    private final PreparedStatement eraseReactions;

    /** A message's row as it is to be changed; {@code seconds} is what is left of its time, 0: no end. */
    private record Target(MessageTable table, ByteBuffer event, int seconds) {}

    MessageChanges(CqlSession session, String keyspace, Batches batches) {
        this.session = session;
        this.references = new AttachmentReferences(session, keyspace, batches);
        String reactions = keyspace + ".reactions";
        String message = " WHERE conversation = ? AND bucket = ? AND seq = ?";
        this.read = MessageStatements.prepare(
                session, keyspace, table -> "SELECT event, ttl(event) FROM " + table + message);
        String update = " USING TIMESTAMP ? AND TTL ? SET ";
        this.edit = MessageStatements.prepare(
                session, keyspace, table -> "UPDATE " + table + update + "edited = ?, edited_bytes = ?" + message);
        this.erase = erasing(session, keyspace);
        this.react = session.prepare("INSERT INTO " + reactions
                + " (conversation, bucket, seq, emoji, user) VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ? AND TTL ?");
        this.takeBack = session.prepare(
                "DELETE FROM " + reactions + " USING TIMESTAMP ?" + message + " AND emoji = ? AND user = ?");
        this.eraseReactions = session.prepare("DELETE FROM " + reactions + " USING TIMESTAMP ?" + message);
    }

    /** Statements that put a tombstone in a message's place: write time, seconds, tombstone, its bytes, conversation, bucket, seq. */
    static MessageStatements erasing(CqlSession session, String keyspace) {
        return MessageStatements.prepare(
                session,
                keyspace,
                table -> "UPDATE " + table
                        + " USING TIMESTAMP ? AND TTL ? SET event = ?, event_bytes = ?, edited = null,"
                        + " edited_bytes = null, sender = ''"
                        + " WHERE conversation = ? AND bucket = ? AND seq = ?");
    }

    /** The statement for the event's reaction, if it is one. It is kept as long as a message of that time. */
    List<BoundStatement> reaction(ConversationId conversation, ChatEvent event, Term term) {
        if (!event.hasReacted()) {
            return List.of();
        }
        Reacted reacted = event.getReacted();
        String id = conversation.value();
        int seq = reacted.getSeq();
        int bucket = Buckets.of(seq);
        long at = WriteTime.of(event);
        return List.of(
                reacted.getRemove()
                        ? takeBack.bind(at, id, bucket, seq, reacted.getEmoji(), event.getFrom())
                        : react.bind(id, bucket, seq, reacted.getEmoji(), event.getFrom(), at, term.seconds()));
    }

    /** The statements for the event's edit or deletion, if it is one. All events before it must be stored. */
    CompletionStage<List<BoundStatement>> rewritings(ConversationId conversation, ChatEvent event) {
        long at = WriteTime.of(event);
        if (event.hasEdited()) {
            String text = event.getEdited().getText();
            int bytes = event.getEdited().getTextBytes().size();
            return rewriting(
                    conversation,
                    event.getEdited().getSeq(),
                    (target, key) -> edit.of(target.table())
                            .bind(at, target.seconds(), text, bytes, key.conversation(), key.bucket(), key.seq()));
        }
        Deleted deleted = event.getDeleted();
        List<CompletableFuture<List<BoundStatement>>> each = new ArrayList<>();
        each.add(erasure(conversation, deleted.getSeq(), at));
        deleted.getEditsList().forEach(seq -> each.add(erasure(conversation, seq, at)));
        return CompletableFuture.allOf(each.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> {
                    List<BoundStatement> all = new ArrayList<>();
                    each.forEach(one -> all.addAll(one.join()));
                    int seq = deleted.getSeq();
                    all.add(eraseReactions.bind(at, conversation.value(), Buckets.of(seq), seq));
                    return all;
                });
    }

    private CompletableFuture<List<BoundStatement>> erasure(ConversationId conversation, int seq, long at) {
        Key key = new Key(conversation.value(), Buckets.of(seq), seq);
        return target(key)
                .thenCompose(found -> found.isEmpty()
                        ? CompletableFuture.completedFuture(List.<BoundStatement>of())
                        : erasure(conversation, found.get(), key, at))
                .toCompletableFuture();
    }

    private CompletionStage<List<BoundStatement>> erasure(
            ConversationId conversation, Target target, Key key, long at) {
        ChatEvent message = parse(target.event());
        ByteBuffer tombstone = ByteBuffer.wrap(Tombstones.of(message).toByteArray());
        BoundStatement statement = erase.of(target.table())
                .bind(
                        at,
                        target.seconds(),
                        tombstone,
                        tombstone.remaining(),
                        key.conversation(),
                        key.bucket(),
                        key.seq());
        return references.release(conversation, List.of(message), at).thenApply(done -> List.of(statement));
    }

    private record Key(String conversation, int bucket, int seq) {}

    /** Nothing when the message is gone already: its time to be kept was over. */
    private CompletionStage<List<BoundStatement>> rewriting(
            ConversationId conversation, int seq, BiFunction<Target, Key, BoundStatement> statement) {
        Key key = new Key(conversation.value(), Buckets.of(seq), seq);
        return target(key)
                .thenApply(found -> found.map(target -> List.of(statement.apply(target, key)))
                        .orElse(List.of()));
    }

    private CompletionStage<Optional<Target>> target(Key key) {
        return target(MessageTable.EXPIRING, key)
                .thenCombine(target(MessageTable.KEPT, key), (expiring, kept) -> expiring.or(() -> kept));
    }

    private CompletionStage<Optional<Target>> target(MessageTable table, Key key) {
        return session.executeAsync(read.of(table).bind(key.conversation(), key.bucket(), key.seq()))
                .thenApply(rows -> {
                    Row row = rows.one();
                    ByteBuffer event = row == null ? null : row.getByteBuffer(0);
                    return event == null ? Optional.empty() : Optional.of(new Target(table, event, row.getInt(1)));
                });
    }

    private static ChatEvent parse(ByteBuffer stored) {
        try {
            return ChatEvent.parseFrom(stored);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the messages table holds something that is no ChatEvent", e);
        }
    }
}
