package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.parley.protocol.LogTopics;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks how old the stored history is: at most twice a second, and only while somebody reads. The clock that it is compared with is Cassandra's, as are
 * the stored times.
 */
final class Freshness {
    private static final Logger LOG = LoggerFactory.getLogger(Freshness.class);
    private static final long ASKED_AGAIN_NANOS = 500_000_000L;
    /** More than a topic can have partitions. */
    private static final int PAGE_ROWS = 2000;

    private final CqlSession session;
    private final PreparedStatement read;
    private final Duration limit;
    private final AtomicReference<@Nullable Asked> last = new AtomicReference<>();
    private final AtomicBoolean fresh = new AtomicBoolean();

    private record Asked(long atNanos, CompletableFuture<HistoryAge> age) {}

    /** @param limit the oldest history that decides about rights */
    Freshness(CqlSession session, String keyspace, Duration limit) {
        this.session = session;
        this.read = session.prepare("SELECT partition, partitions, written_until, toTimestamp(now()) AS now FROM "
                + keyspace + "." + Schema.PROGRESS + " WHERE topic = ?");
        this.limit = limit;
    }

    /** The age, as Cassandra told it a moment ago. Only rights that are read after this may be decided by it. */
    CompletionStage<HistoryAge> age() {
        long now = System.nanoTime();
        Asked before = last.get();
        if (before != null && now - before.atNanos() < ASKED_AGAIN_NANOS) {
            return before.age();
        }
        Asked asked = new Asked(now, new CompletableFuture<>());
        if (last.compareAndSet(before, asked)) {
            ask(asked);
            return asked.age();
        }
        return age();
    }

    private void ask(Asked asked) {
        session.executeAsync(read.bind(LogTopics.EVENTS).setPageSize(PAGE_ROWS))
                .thenApply(rows -> age(rows, asked.atNanos()))
                .whenComplete((age, failure) -> {
                    if (failure == null) {
                        tell(age);
                        asked.age().complete(age);
                    } else {
                        asked.age().completeExceptionally(failure);
                    }
                });
    }

    private HistoryAge age(AsyncResultSet rows, long askedNanos) {
        Map<Integer, Long> millis = new HashMap<>();
        int partitions = 0;
        for (Row row : rows.currentPage()) {
            Instant until = row.getInstant("written_until");
            Instant now = row.getInstant("now");
            partitions = Math.max(partitions, row.getInt("partitions"));
            if (until != null && now != null) {
                millis.put(row.getInt("partition"), Duration.between(until, now).toMillis());
            }
        }
        return new HistoryAge(askedNanos, partitions, millis, limit);
    }

    private void tell(HistoryAge age) {
        boolean isFresh = age.isWithinLimit(System.nanoTime());
        if (fresh.getAndSet(isFresh) == isFresh) {
            return;
        }
        if (isFresh) {
            LOG.info("the history is written up to now");
        } else {
            LOG.warn(
                    "history is more than {} ms behind: reads that it concerns are refused, agesMillis={} partitions={}",
                    limit.toMillis(),
                    age.millis(),
                    age.partitions());
        }
    }
}
