package io.parley.audit;

/**
 * A device has acknowledged an entry.
 *
 * @param device the device
 * @param connection which connection of the device, counted from 1
 * @param seq of the entry
 * @param atNanos when, on the clock of {@link Cut#atNanos}
 */
public record Acknowledgement(String device, int connection, int seq, long atNanos) {}
