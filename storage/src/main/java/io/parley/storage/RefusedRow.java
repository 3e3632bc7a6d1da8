package io.parley.storage;

import org.jspecify.annotations.Nullable;

/**
 * A row that Cassandra does not take, and will not take later.
 *
 * @param key the conversation that it belongs to; empty if that is not known
 * @param event what it was to be written for; null if it follows from stored rows
 * @param statement what was to be written, without values
 * @param bytes how large the values are
 * @param reason why, in Cassandra's words
 */
public record RefusedRow(String key, @Nullable LoggedEvent event, String statement, int bytes, String reason) {}
