package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.servererrors.SyntaxError;
import io.parley.runtime.CassandraSettings;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keyspace and its tables. One process makes them, the others wait for them. */
public final class Schema {
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final Duration DDL_TIMEOUT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 500;

    /** Up to which of Cassandra's times the events of each partition of the log are written. */
    static final String PROGRESS = "history_progress";

    private static final String MESSAGE_SIZES = "event_bytes int, edited_bytes int";
    private static final String MESSAGE_EXTRAS = "edited text, sender text, " + MESSAGE_SIZES;

    /** Columns that tables of earlier versions lack. */
    private static final Map<String, String> LATER_COLUMNS = Map.of(
            "messages",
            MESSAGE_EXTRAS,
            "messages_kept",
            MESSAGE_SIZES,
            "conversations",
            "purged int, description text, avatar blob, announcement boolean, add_right text, retention blob,"
                    + " read_receipts_off boolean, changed int, purging int");

    /** What is deleted is to leave the commit log and memory, too. */
    private static final String FLUSHED_HOURLY = "memtable_flush_period_in_ms = 3600000";

    private static final Map<String, String> TABLES = tables();

    private Schema() {}

    /** Makes whatever is missing. Throws the driver's exception when Cassandra refuses or cannot be reached. */
    public static void ensure(CqlSession session, CassandraSettings settings) {
        String keyspace = settings.keyspace();
        run(
                session,
                "CREATE KEYSPACE IF NOT EXISTS " + keyspace
                        + " WITH replication = {'class': 'NetworkTopologyStrategy', '" + settings.datacenter() + "': "
                        + settings.replication() + "}");
        TABLES.forEach(
                (name, columns) -> run(session, "CREATE TABLE IF NOT EXISTS " + keyspace + "." + name + " " + columns));
        LATER_COLUMNS.forEach((name, columns) ->
                run(session, "ALTER TABLE " + keyspace + "." + name + " ADD IF NOT EXISTS (" + columns + ")"));
        LOG.info("keyspace={} is complete", keyspace);
    }

    /**
     * Waits until another process has made all tables, and prepares statements on them. A table that is being made is listed before
     * Cassandra can prepare a statement on it: what fails is tried again.
     *
     * @param prepared prepares; called again after a refusal
     */
    public static <T> T await(CqlSession session, String keyspace, Supplier<T> prepared) throws InterruptedException {
        boolean said = false;
        while (true) {
            try {
                if (isComplete(session, keyspace)) {
                    return prepared.get();
                }
            } catch (SyntaxError e) {
                throw e;
            } catch (DriverException e) {
                LOG.debug("the tables cannot be used yet", e);
            }
            if (!said) {
                LOG.info("waiting for the tables of keyspace={}", keyspace);
                said = true;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /**
     * Tells these tables apart from any others, also from those of the same name that were there before. For what is kept outside of Cassandra. The tables
     * must exist.
     */
    public static String identity(CqlSession session, String keyspace) {
        Row row = session.execute(SimpleStatement.newInstance(
                        "SELECT id FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?",
                        keyspace,
                        MessageTable.EXPIRING.table()))
                .one();
        return String.valueOf(Objects.requireNonNull(row, "the tables exist").getUuid(0));
    }

    private static boolean isComplete(CqlSession session, String keyspace) {
        Set<String> present = new HashSet<>();
        for (Row row : session.execute(SimpleStatement.newInstance(
                "SELECT table_name, column_name FROM system_schema.columns WHERE keyspace_name = ?", keyspace))) {
            present.add(row.getString(0));
            present.add(row.getString(0) + "." + row.getString(1));
        }
        return present.containsAll(TABLES.keySet())
                && LATER_COLUMNS.entrySet().stream()
                        .allMatch(table -> Stream.of(table.getValue().split(", ", -1))
                                .allMatch(column -> present.contains(table.getKey() + "." + column.split(" ", 2)[0])));
    }

    private static void run(CqlSession session, String statement) {
        session.execute(SimpleStatement.newInstance(statement).setTimeout(DDL_TIMEOUT));
    }

    private static Map<String, String> tables() {
        Map<String, String> tables = new LinkedHashMap<>();
        String message = "(conversation text, bucket int, seq int, event blob, " + MESSAGE_EXTRAS
                + ", PRIMARY KEY ((conversation, bucket), seq)) WITH " + FLUSHED_HOURLY + " AND ";
        // All of it expires: a day's file goes when its last row has, and needs no time for repairs to tell of it.
        tables.put(
                MessageTable.EXPIRING.table(),
                message + "gc_grace_seconds = 86400 AND compaction = {'class': 'TimeWindowCompactionStrategy',"
                        + " 'compaction_window_unit': 'DAYS', 'compaction_window_size': 1,"
                        + " 'timestamp_resolution': 'NANOSECONDS'}");
        // Compaction of one file takes along what a younger one says is deleted.
        tables.put(
                MessageTable.KEPT.table(),
                message + "compaction = {'class': 'SizeTieredCompactionStrategy',"
                        + " 'provide_overlapping_tombstones': 'cell'}");
        tables.put(
                "conversations",
                "(conversation text PRIMARY KEY, kind text, name text, head int, " + LATER_COLUMNS.get("conversations")
                        + ")");
        tables.put(
                "members",
                "(conversation text, user text, joined int, left int, role text, PRIMARY KEY ((conversation), user))");
        tables.put(
                "conversations_by_user",
                "(user text, conversation text, kind text, PRIMARY KEY ((user), conversation))");
        tables.put(
                "pointers",
                "(conversation text, user text, delivered int, read int, PRIMARY KEY ((conversation), user))");
        tables.put(
                "reactions",
                "(conversation text, bucket int, seq int, emoji text, user text,"
                        + " PRIMARY KEY ((conversation, bucket), seq, emoji, user))");
        tables.put(
                "erasures",
                "(user text, conversation text, seq int, messages int, reactions int,"
                        + " PRIMARY KEY ((user), conversation, seq))");
        tables.put(
                "buckets",
                "(conversation text, bucket int, first_at timestamp, PRIMARY KEY ((conversation), bucket))"
                        + " WITH CLUSTERING ORDER BY (bucket DESC)");
        // What is uploaded, from its first byte to its end, see StoredAttachment.
        tables.put(
                "attachments",
                "(attachment text PRIMARY KEY, state text, uploader text, content_type text, name text, size bigint,"
                        + " sha256 text, strip boolean, created timestamp, named timestamp)");
        tables.put(
                "attachments_by_user", "(user text, attachment text, size bigint, PRIMARY KEY ((user), attachment))");
        // Which messages show an attachment, and which conversations have it as avatar.
        tables.put(
                "attachment_references",
                "(attachment text, conversation text, seq int, avatar boolean, referenced boolean static,"
                        + " PRIMARY KEY ((attachment), conversation, seq))");
        tables.put(
                "attachments_by_conversation",
                "(conversation text, bucket int, seq int, attachment text,"
                        + " PRIMARY KEY ((conversation, bucket), seq, attachment))");
        // When it is to be seen whether an attachment is still needed.
        tables.put(
                "attachment_checks",
                "(hour int, shard int, due timestamp, attachment text, PRIMARY KEY ((hour, shard), due, attachment))"
                        + " WITH gc_grace_seconds = 86400");
        tables.put(
                PROGRESS,
                "(topic text, partition int, partitions int, written_until timestamp,"
                        + " PRIMARY KEY ((topic), partition))");
        return tables;
    }
}
