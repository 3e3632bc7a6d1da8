package io.parley.storage;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.util.function.UnaryOperator;

/** The same statement for each table of messages. */
record MessageStatements(PreparedStatement expiring, PreparedStatement kept) {
    /** @param statement makes the statement from the table's name */
    static MessageStatements prepare(CqlSession session, String keyspace, UnaryOperator<String> statement) {
        return new MessageStatements(
                session.prepare(statement.apply(keyspace + "." + MessageTable.EXPIRING.table())),
                session.prepare(statement.apply(keyspace + "." + MessageTable.KEPT.table())));
    }

    PreparedStatement of(MessageTable table) {
        return table == MessageTable.EXPIRING ? expiring : kept;
    }
}
