package io.parley.storage;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row that is to be written.
 *
 * @param statement writes it
 * @param key the conversation that it belongs to; empty if that is not known
 * @param event what it is written for; null if it follows from stored rows
 * @param instead what is written if Cassandra refuses it for good; null: nothing
 */
record RowWrite(
        BoundStatement statement,
        String key,
        @Nullable LoggedEvent event,
        @Nullable BoundStatement instead) {
    /** What a row takes besides its values, at most: they are counted for each mutation. */
    private static final int ROW_BYTES = 128;

    /** Rows that follow from stored ones. */
    static List<RowWrite> of(List<BoundStatement> statements) {
        return statements.stream()
                .map(statement -> new RowWrite(statement, "", null, null))
                .toList();
    }

    int bytes() {
        return ROW_BYTES
                + statement.getValues().stream()
                        .filter(Objects::nonNull)
                        .mapToInt(ByteBuffer::remaining)
                        .sum();
    }
}
