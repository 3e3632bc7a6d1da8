package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.parley.protocol.UserId;
import io.parley.storage.StoredAttachment.State;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each attachment. Its state changes by light-weight transactions only: an attachment that a message may still name is never deleted,
 * and one that is being deleted can be named no more.
 */
public final class AttachmentRows {
    private final CqlSession session;
    private final AttachmentChecks checks;
    private final PreparedStatement begin;
    private final PreparedStatement find;
    private final PreparedStatement finish;
    private final PreparedStatement name;
    private final PreparedStatement condemn;
    private final PreparedStatement condemnNamed;
    private final PreparedStatement forget;
    private final PreparedStatement forgetReferences;
    private final PreparedStatement use;
    private final PreparedStatement used;
    private final PreparedStatement forgetUse;

    /** Prepares its statements: the tables must exist, see {@link Schema#await}. */
    public AttachmentRows(CqlSession session, String keyspace) {
        this.session = session;
        this.checks = new AttachmentChecks(session, keyspace);
        String table = keyspace + ".attachments";
        String one = " WHERE attachment = ?";
        this.begin = session.prepare("INSERT INTO " + table
                + " (attachment, state, uploader, content_type, name, size, sha256, strip, created)"
                + " VALUES (?, 'UPLOADING', ?, ?, ?, ?, ?, ?, ?) IF NOT EXISTS");
        this.find = session.prepare("SELECT attachment, state, uploader, content_type, name, size, sha256, strip,"
                + " created, named FROM " + table + one);
        this.finish = session.prepare("UPDATE " + table
                + " SET state = 'READY', content_type = ?, size = ?, sha256 = ?, created = ?" + one
                + " IF state = 'UPLOADING'");
        this.name = session.prepare("UPDATE " + table + " SET named = ?" + one + " IF state = 'READY'");
        String going = "UPDATE " + table + " SET state = 'GOING'" + one;
        this.condemn = session.prepare(going + " IF state = ? AND named = null");
        this.condemnNamed = session.prepare(going + " IF state = ? AND named = ?");
        this.forget = session.prepare("DELETE FROM " + table + one + " IF state = 'GOING'");
        this.forgetReferences =
                session.prepare("DELETE FROM " + keyspace + ".attachment_references USING TIMESTAMP ?" + one);
        String byUser = keyspace + ".attachments_by_user";
        this.use = session.prepare("INSERT INTO " + byUser + " (user, attachment, size) VALUES (?, ?, ?)");
        this.used = session.prepare("SELECT sum(size) FROM " + byUser + " WHERE user = ?");
        this.forgetUse = session.prepare("DELETE FROM " + byUser + " WHERE user = ? AND attachment = ?");
    }

    /** Stores that an upload begins. From then on it is deleted unless something needs it at {@code due}. */
    public CompletionStage<Void> begin(StoredAttachment upload, Instant due) {
        return checks.add(upload.id(), due)
                .thenCompose(done -> use(upload, upload.size()))
                .thenCompose(done -> session.executeAsync(transaction(begin.bind(
                        upload.id(),
                        upload.uploader().value(),
                        upload.contentType(),
                        upload.name(),
                        upload.size(),
                        upload.sha256(),
                        upload.strip(),
                        upload.created()))))
                .thenApply(done -> null);
    }

    /** What is known of an attachment; empty when there is none, or no more. */
    public CompletionStage<Optional<StoredAttachment>> find(String id) {
        return session.executeAsync(find.bind(id)).thenApply(rows -> attachment(rows.one()));
    }

    /**
     * The upload is complete.
     *
     * @param finished as it is now
     * @param due when it is deleted unless a message shows it by then
     * @return false if it is being deleted
     */
    public CompletionStage<Boolean> finish(StoredAttachment finished, Instant due) {
        return checks.add(finished.id(), due)
                .thenCompose(done -> use(finished, finished.size()))
                .thenCompose(done -> session.executeAsync(transaction(finish.bind(
                        finished.contentType(),
                        finished.size(),
                        finished.sha256(),
                        finished.created(),
                        finished.id()))))
                .thenCompose(result -> result.wasApplied()
                        ? CompletableFuture.completedFuture(true)
                        : find(finished.id())
                                .thenApply(found -> found.filter(other -> other.state() == State.READY)
                                        .isPresent()));
    }

    /** A message that names it is let through; false if there is no such attachment any more. */
    public CompletionStage<Boolean> name(String id, Instant now) {
        return session.executeAsync(transaction(name.bind(now, id))).thenApply(result -> result.wasApplied());
    }

    /** It is deleted from now on: nothing can name it any more. False if it was named since it was read, or is gone already. */
    public CompletionStage<Boolean> condemn(StoredAttachment seen) {
        Instant named = seen.named();
        BoundStatement statement = named == null
                ? condemn.bind(seen.id(), seen.state().name())
                : condemnNamed.bind(seen.id(), seen.state().name(), named);
        return session.executeAsync(transaction(statement)).thenApply(result -> result.wasApplied());
    }

    /** Nothing of it is left in the store: nothing is left here either. */
    public CompletionStage<Void> forget(StoredAttachment gone) {
        return session.executeAsync(forgetReferences.bind(WriteTime.at(System.currentTimeMillis()), gone.id()))
                .thenCompose(done ->
                        session.executeAsync(forgetUse.bind(gone.uploader().value(), gone.id())))
                .thenCompose(done -> session.executeAsync(transaction(forget.bind(gone.id()))))
                .thenApply(done -> null);
    }

    /** How many bytes a user's attachments have, those of unfinished uploads included. */
    public CompletionStage<Long> bytesOf(UserId user) {
        return session.executeAsync(used.bind(user.value())).thenApply(rows -> {
            Row row = rows.one();
            return row == null ? 0L : row.getLong(0);
        });
    }

    private CompletionStage<?> use(StoredAttachment attachment, long size) {
        return session.executeAsync(use.bind(attachment.uploader().value(), attachment.id(), Math.max(0, size)));
    }

    /** What may have happened in spite of a time-out must not be tried again blindly. */
    private static BoundStatement transaction(BoundStatement statement) {
        return statement.setIdempotent(false);
    }

    private static Optional<StoredAttachment> attachment(@Nullable Row row) {
        String state = row == null ? null : row.getString("state");
        String uploader = row == null ? null : row.getString("uploader");
        if (row == null || state == null || uploader == null) {
            return Optional.empty();
        }
        return Optional.of(new StoredAttachment(
                text(row, "attachment"),
                State.valueOf(state),
                UserId.parse(uploader),
                text(row, "content_type"),
                text(row, "name"),
                row.getLong("size"),
                text(row, "sha256"),
                row.getBoolean("strip"),
                Optional.ofNullable(row.getInstant("created")).orElse(Instant.EPOCH),
                row.getInstant("named")));
    }

    private static String text(Row row, String column) {
        String text = row.getString(column);
        return text == null ? "" : text;
    }
}
