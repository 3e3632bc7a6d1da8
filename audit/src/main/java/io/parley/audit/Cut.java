package io.parley.audit;

/**
 * A connection has ended, in whatever way. Of several cuts of one connection the earliest counts.
 *
 * @param device the device
 * @param connection which connection of the device, counted from 1
 * @param atNanos when, on the clock of {@link Acknowledgement#atNanos}
 */
public record Cut(String device, int connection, long atNanos) {}
