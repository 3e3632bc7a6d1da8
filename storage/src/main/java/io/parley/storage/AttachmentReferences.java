package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.parley.protocol.ConversationId;
import io.parley.protocol.wire.Attachment;
import io.parley.protocol.wire.ChatEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Which messages show which attachments, and which conversations have one as avatar. A reference lives as long as the message. Where one ends, a check is
 * added that deletes the attachment if it was the last. Idempotent, as everything that follows from events.
 */
final class AttachmentReferences {
    /** In place of a bucket: the avatars of a conversation. */
    private static final int AVATARS = -1;
    /** A check comes after what expires has expired. */
    private static final long LATER_SECONDS = 5;

    private final CqlSession session;
    private final Batches batches;
    private final AttachmentChecks checks;
    private final PreparedStatement refer;
    private final PreparedStatement referred;
    private final PreparedStatement list;
    private final PreparedStatement listed;
    private final PreparedStatement release;
    private final PreparedStatement unlist;

    AttachmentReferences(CqlSession session, String keyspace, Batches batches) {
        this.session = session;
        this.batches = batches;
        this.checks = new AttachmentChecks(session, keyspace);
        String references = keyspace + ".attachment_references";
        String lists = keyspace + ".attachments_by_conversation";
        this.refer = session.prepare("INSERT INTO " + references
                + " (attachment, conversation, seq, avatar) VALUES (?, ?, ?, ?) USING TIMESTAMP ? AND TTL ?");
        this.referred = session.prepare(
                "UPDATE " + references + " USING TIMESTAMP ? SET referenced = true WHERE attachment = ?");
        this.list = session.prepare("INSERT INTO " + lists
                + " (conversation, bucket, seq, attachment) VALUES (?, ?, ?, ?) USING TIMESTAMP ? AND TTL ?");
        this.listed = session.prepare(
                "SELECT seq, attachment FROM " + lists + " WHERE conversation = ? AND bucket = ? AND seq <= ?");
        this.release = session.prepare("DELETE FROM " + references
                + " USING TIMESTAMP ? WHERE attachment = ? AND conversation = ? AND seq = ?");
        this.unlist = session.prepare(
                "DELETE FROM " + lists + " USING TIMESTAMP ? WHERE conversation = ? AND bucket = ? AND seq <= ?");
    }

    /** The statements for what an event shows; none for most events. */
    List<BoundStatement> of(ConversationId conversation, ChatEvent event, Term term) {
        if (event.hasAvatarChanged() && event.getAvatarChanged().hasAttachment()) {
            List<BoundStatement> statements = new ArrayList<>();
            refer(
                    statements,
                    new Place(conversation.value(), AVATARS, event.getSeq()),
                    event.getAvatarChanged().getAttachment().getId(),
                    WriteTime.of(event),
                    0);
            return statements;
        }
        if (event.getAttachmentsCount() == 0 || term.isOver()) {
            return List.of();
        }
        List<BoundStatement> statements = new ArrayList<>();
        Place place = new Place(conversation.value(), Buckets.of(event.getSeq()), event.getSeq());
        for (Attachment attachment : event.getAttachmentsList()) {
            refer(statements, place, attachment.getId(), WriteTime.of(event), term.seconds());
        }
        return statements;
    }

    private record Place(String conversation, int bucket, int seq) {}

    private void refer(List<BoundStatement> to, Place place, String attachment, long at, int seconds) {
        boolean avatar = place.bucket() == AVATARS;
        to.add(referred.bind(at, attachment));
        to.add(refer.bind(attachment, place.conversation(), place.seq(), avatar, at, seconds));
        to.add(list.bind(place.conversation(), place.bucket(), place.seq(), attachment, at, seconds));
        if (seconds > 0) {
            to.add(checks.adding(attachment, Instant.now().plusSeconds(seconds + LATER_SECONDS)));
        }
    }

    /** Ends what messages show. To be done before they become tombstones: afterwards nobody knows. */
    CompletionStage<Void> release(ConversationId conversation, List<ChatEvent> messages, long at) {
        Ends ends = new Ends(conversation.value(), at);
        for (ChatEvent message : messages) {
            message.getAttachmentsList().forEach(attachment -> ends.add(attachment.getId(), message.getSeq()));
        }
        return ends.execute();
    }

    /** Ends what the messages of a bucket up to a seq show. */
    CompletionStage<Void> releaseThrough(ConversationId conversation, int bucket, int seq, long at) {
        String id = conversation.value();
        return session.executeAsync(listed.bind(id, bucket, seq))
                .thenCompose(rows -> collect(rows, new Ends(id, at)))
                // What is listed last: until then a repetition finds it again.
                .thenCompose(ends -> ends.isEmpty()
                        ? CompletableFuture.completedFuture(null)
                        : ends.execute()
                                .thenCompose(done -> batches.execute(List.of(unlist.bind(at, id, bucket, seq)))));
    }

    private static CompletionStage<Ends> collect(AsyncResultSet rows, Ends ends) {
        for (Row row : rows.currentPage()) {
            String attachment = row.getString(1);
            if (attachment != null) {
                ends.add(attachment, row.getInt(0));
            }
        }
        return rows.hasMorePages()
                ? rows.fetchNextPage().thenCompose(next -> collect(next, ends))
                : CompletableFuture.completedFuture(ends);
    }

    /** The avatar's predecessors end. */
    CompletionStage<Void> avatarChanged(ConversationId conversation, ChatEvent event) {
        return releaseThrough(conversation, AVATARS, event.getSeq() - 1, WriteTime.of(event));
    }

    /** References that end, and then the checks: one that came first would find them. */
    private final class Ends {
        private final String conversation;
        private final long at;
        private final List<BoundStatement> references = new ArrayList<>();
        private final Set<String> attachments = new LinkedHashSet<>();

        Ends(String conversation, long at) {
            this.conversation = conversation;
            this.at = at;
        }

        void add(String attachment, int seq) {
            references.add(release.bind(at, attachment, conversation, seq));
            attachments.add(attachment);
        }

        boolean isEmpty() {
            return references.isEmpty();
        }

        CompletionStage<Void> execute() {
            return batches.execute(references)
                    .thenCompose(done -> batches.execute(attachments.stream()
                            .map(attachment -> checks.adding(attachment, Instant.now()))
                            .toList()));
        }
    }
}
