package io.parley.storage;

/**
 * Where messages lie. What expires lies in time windows, whose files go as a whole; what is kept until somebody deletes it must not hold those
 * back. A message is a row of one table; a reader asks both.
 */
enum MessageTable {
    EXPIRING("messages"),
    KEPT("messages_kept");

    private final String table;

    MessageTable(String table) {
        this.table = table;
    }

    /** The table's name. */
    String table() {
        return table;
    }
}
