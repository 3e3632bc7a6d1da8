package io.parley.push.sending;

/**
 * Where a notification lies in its topic.
 *
 * @param reading which time its partition is being read: what ends after the partition was given away, and maybe taken again, counts for nothing
 */
public record LogPosition(int partition, long offset, int reading) {}
