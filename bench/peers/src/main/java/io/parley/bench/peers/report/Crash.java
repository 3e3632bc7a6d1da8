package io.parley.bench.peers.report;

/**
 * All processes of a server killed under load and started again. Half of the receivers are away until then.
 *
 * @param rate messages per second
 * @param backSeconds from the kill until it served again
 * @param tally what became of the messages
 * @param inArchive missing deliveries that clients can still fetch from the server's archive
 */
public record Crash(int rate, double backSeconds, Tally tally, int inArchive) {}
