package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * When it is to be seen whether an attachment is still needed: a queue by time. A check comes at least once, and once too often does no harm. Each thing
 * that may end an attachment adds one: an upload that expires, a message that expires or is deleted.
 */
public final class AttachmentChecks {
    /** Partitions of an hour. */
    public static final int SHARDS = 8;

    private static final long HOUR_MILLIS = 3_600_000;
    /** In place of an hour: up to where the hours of a shard are done. */
    private static final int POSITION = -1;

    private final CqlSession session;
    private final PreparedStatement add;
    private final PreparedStatement due;
    private final PreparedStatement done;
    private final PreparedStatement position;
    private final PreparedStatement forgetPositions;

    /**
     * A check.
     *
     * @param attachment what is to be checked
     * @param due since when
     */
    public record Check(String attachment, Instant due) {}

    /** Prepares its statements: the tables must exist, see {@link Schema#await}. */
    public AttachmentChecks(CqlSession session, String keyspace) {
        this.session = session;
        String table = keyspace + ".attachment_checks";
        this.add = session.prepare("INSERT INTO " + table + " (hour, shard, due, attachment) VALUES (?, ?, ?, ?)");
        this.due = session.prepare(
                "SELECT due, attachment FROM " + table + " WHERE hour = ? AND shard = ? AND due <= ? LIMIT ?");
        this.done = session.prepare(
                "DELETE FROM " + table + " WHERE hour = ? AND shard = ? AND due = ? AND attachment = ?");
        this.position = session.prepare(
                "SELECT due FROM " + table + " WHERE hour = " + POSITION + " AND shard = ? ORDER BY due DESC LIMIT 1");
        this.forgetPositions =
                session.prepare("DELETE FROM " + table + " WHERE hour = " + POSITION + " AND shard = ? AND due < ?");
    }

    /** The statement that adds a check. */
    BoundStatement adding(String attachment, Instant at) {
        return add.bind(hour(at), shard(attachment), at, attachment);
    }

    /** Adds a check. */
    public CompletionStage<Void> add(String attachment, Instant at) {
        return session.executeAsync(adding(attachment, at)).thenApply(rows -> null);
    }

    /** The first checks of an hour that are due. */
    public CompletionStage<List<Check>> due(int hour, int shard, Instant now, int limit) {
        return session.executeAsync(due.bind(hour, shard, now, limit)).thenApply(rows -> {
            List<Check> found = new ArrayList<>();
            for (Row row : rows.currentPage()) {
                Instant at = row.getInstant(0);
                String attachment = row.getString(1);
                if (at != null && attachment != null) {
                    found.add(new Check(attachment, at));
                }
            }
            return found;
        });
    }

    /** A check is done. */
    public CompletionStage<Void> done(Check check) {
        return session.executeAsync(
                        done.bind(hour(check.due()), shard(check.attachment()), check.due(), check.attachment()))
                .thenApply(rows -> null);
    }

    /** The hour before which a shard's checks are all done; {@code first} when that is not known. */
    public CompletionStage<Integer> position(int shard, int first) {
        return session.executeAsync(position.bind(shard)).thenApply(rows -> {
            Row row = rows.one();
            Instant at = row == null ? null : row.getInstant(0);
            return at == null ? first : hour(at);
        });
    }

    /** All checks of a shard before that hour are done. */
    public CompletionStage<Void> moveTo(int shard, int hour) {
        Instant at = Instant.ofEpochMilli(hour * HOUR_MILLIS);
        return session.executeAsync(add.bind(POSITION, shard, at, ""))
                .thenCompose(done -> session.executeAsync(forgetPositions.bind(shard, at)))
                .thenApply(rows -> null);
    }

    /** The number of the hour in which that time lies. */
    public static int hour(Instant at) {
        return (int) (at.toEpochMilli() / HOUR_MILLIS);
    }

    private static int shard(String attachment) {
        return Math.floorMod(attachment.hashCode(), SHARDS);
    }
}
