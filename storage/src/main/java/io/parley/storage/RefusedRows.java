package io.parley.storage;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.LoggerFactory;

/** What becomes of rows that Cassandra refuses for good. */
@FunctionalInterface
public interface RefusedRows {
    /** An error in the process's log, and nothing else. */
    RefusedRows LOGGED = row -> {
        LoggerFactory.getLogger(RefusedRows.class)
                .error(
                        "Cassandra refuses a row, which is left out key={} bytes={} statement={} reason={}",
                        row.key(),
                        row.bytes(),
                        row.statement(),
                        row.reason());
        return CompletableFuture.completedFuture(null);
    };

    /** Keeps what is known of it. Done when that is safe; only then the write that it was part of goes on. */
    CompletionStage<?> bury(RefusedRow row);
}
