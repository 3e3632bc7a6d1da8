package io.parley.bench.peers.report;

/**
 * A client that comes back to its session.
 *
 * @param messages that waited for it
 * @param seconds from its connect to the last of them
 * @param tally of these messages
 */
public record CatchUp(int messages, double seconds, Tally tally) {}
