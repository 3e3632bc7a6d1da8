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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What events do to messages before them. An edit or a reaction is written blindly; a deletion reads what it leaves a tombstone of. */
final class MessageChanges {
    private final CqlSession session;
    private final PreparedStatement edit;
    private final PreparedStatement react;
    private final PreparedStatement takeBack;
    private final PreparedStatement read;
    private final PreparedStatement erase;
    private final PreparedStatement eraseReactions;

    MessageChanges(CqlSession session, String keyspace) {
        this.session = session;
        String messages = keyspace + ".messages";
        String reactions = keyspace + ".reactions";
        String message = " WHERE conversation = ? AND bucket = ? AND seq = ?";
        this.edit = session.prepare("UPDATE " + messages + " USING TIMESTAMP ? SET edited = ?" + message);
        this.react = session.prepare("INSERT INTO " + reactions
                + " (conversation, bucket, seq, emoji, user) VALUES (?, ?, ?, ?, ?) USING TIMESTAMP ?");
        this.takeBack = session.prepare(
                "DELETE FROM " + reactions + " USING TIMESTAMP ?" + message + " AND emoji = ? AND user = ?");
        this.read = session.prepare("SELECT event FROM " + messages + message);
        this.erase = session.prepare(
                "UPDATE " + messages + " USING TIMESTAMP ? SET event = ?, edited = null, sender = ''" + message);
        this.eraseReactions = session.prepare("DELETE FROM " + reactions + " USING TIMESTAMP ?" + message);
    }

    /** The statements for the event's edit or reaction, if it is one. */
    List<BoundStatement> of(ConversationId conversation, ChatEvent event) {
        String id = conversation.value();
        long at = event.getSeq();
        if (event.hasEdited()) {
            int seq = event.getEdited().getSeq();
            return List.of(edit.bind(at, event.getEdited().getText(), id, Buckets.of(seq), seq));
        }
        if (event.hasReacted()) {
            Reacted reacted = event.getReacted();
            int seq = reacted.getSeq();
            int bucket = Buckets.of(seq);
            return List.of(
                    reacted.getRemove()
                            ? takeBack.bind(at, id, bucket, seq, reacted.getEmoji(), event.getFrom())
                            : react.bind(id, bucket, seq, reacted.getEmoji(), event.getFrom(), at));
        }
        return List.of();
    }

    /** The statements for the event's deletion, if it is one. All events before it must be stored. */
    CompletionStage<List<BoundStatement>> erasures(ConversationId conversation, ChatEvent event) {
        Deleted deleted = event.getDeleted();
        List<CompletableFuture<List<BoundStatement>>> each = new ArrayList<>();
        each.add(erasure(conversation, deleted.getSeq(), event.getSeq()));
        deleted.getEditsList().forEach(seq -> each.add(erasure(conversation, seq, event.getSeq())));
        return CompletableFuture.allOf(each.toArray(new CompletableFuture<?>[0]))
                .thenApply(done -> {
                    List<BoundStatement> all = new ArrayList<>();
                    each.forEach(one -> all.addAll(one.join()));
                    int seq = deleted.getSeq();
                    all.add(eraseReactions.bind((long) event.getSeq(), conversation.value(), Buckets.of(seq), seq));
                    return all;
                });
    }

    private CompletableFuture<List<BoundStatement>> erasure(ConversationId conversation, int seq, long at) {
        String id = conversation.value();
        int bucket = Buckets.of(seq);
        return session.executeAsync(read.bind(id, bucket, seq))
                .thenApply(rows -> {
                    Row row = rows.one();
                    ByteBuffer stored = row == null ? null : row.getByteBuffer(0);
                    // Gone already: its time to be kept was over.
                    return stored == null
                            ? List.<BoundStatement>of()
                            : List.of(erase.bind(at, tombstone(stored), id, bucket, seq));
                })
                .toCompletableFuture();
    }

    private static ByteBuffer tombstone(ByteBuffer stored) {
        try {
            return ByteBuffer.wrap(Tombstones.of(ChatEvent.parseFrom(stored)).toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the messages table holds something that is no ChatEvent", e);
        }
    }
}
