package io.parley.protocol;

/**
 * Where a record is in the log.
 *
 * @param offset in the partition
 */
public record LogPlace(String topic, int partition, long offset) {}
